-- People: after titles, by given names, before appositions and speech; later mentions by family name.

tag._given { id = "name", terms = each("given", { "$name", gender = "$gender", rank = "$rank" }) }
tag._surname { id = "name", terms = each("surnames", { "$name", rank = "$rank", order = "$order" }) }
tag._title { id = "name", terms = each("titles", { "$name", gender = "$gender" }) }
tag._role { id = "name", terms = each("roles", { "$name", kind = "$kind", number = "$number" }) }

-- A capitalised word that may be part of a name.
tag._n { id = "name", "!(<_stop>|<date>|<country>|<nationality>|<org>) <cap>" }
tag._particle { id = "name", terms = { "al", "bin", "ibn", "bint", "de", "del", "della", "der", "di", "da",
  "dos", "du", "la", "le", "van", "von", "ten", "ter", "el", "abu", "san", "wa", "Mc" } }

for _, g in ipairs { "m", "f" } do
  tag.person { id = "titled-" .. g, "t:<_title gender=" .. g .. "> [<_n>{0,2} <_particle>{0,2} family:<_n>]",
    set = { gender = g } }
  tag.person { id = "given-" .. g,
    "[<_given rank=1 gender=" .. g .. "> <_n>{0,2} <_particle>{0,2} family:<_n>]",
    set = { gender = g } }
end
tag.person { id = "titled", "t:<_title> [<_n>{0,2} <_particle>{0,2} family:<_n>]" }
tag.person { id = "given", "[<_given> <_n>{0,2} <_particle>{0,2} family:<_n>]" }
tag.person { id = "family-first", "[family:<_surname order=first> <_n>]" }
tag.person { id = "surname", "[!<_title> <_n> family:<_surname>]" }
tag.person { id = "apposition", "[<_n>{1,3} family:<_n>] , (the|a|an) ... <_role>" }
tag.person { id = "speaks", "[!<_title> <_n>{1,2} family:<_n>] (,|who)? <_cue>" }

veto.person { id = "not", "<date>", "<nationality>" }

alias.person { id = "family", "(Mr|Mrs|Ms|Dr).? [=family]", "[=family]" }
alias.person { id = "leader", same = "nat", nest = true,
  "the nat:<nationality> (leader|president|premier|prime minister)" }

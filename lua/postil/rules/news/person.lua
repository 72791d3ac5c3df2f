-- People: after titles, by given names, before speech and appositions; later mentions by a part of
-- the name.
--
-- A title is never part of the name.  What a rule captures: given, middle and family are the parts
-- that a later
-- mention may repeat (the aliases at the end); gender is what a title or a given name tells; title
-- is the title.

-- Rank 3 of either is also a common word or a place and proves nothing by itself.
tag._given { id = "name", case = "exact",
  terms = each("given", { "$name", gender = "$gender", rank = "$rank" }, { rank = "1|2" }),
  yes = "with [Maria | gender=f, rank=1] and [Ahmed | gender=m]", no = "maria, Uldra, Florence" }
tag._given_weak { id = "name", case = "exact",
  terms = each("given", { "$name", gender = "$gender" }, { rank = "3" }),
  yes = "in [Florence | gender=f]", no = "Maria" }
tag._surname { id = "name", case = "exact",
  terms = each("surnames", { "$name", rank = "$rank", order = "$order" }, { rank = "1|2" }),
  yes = "a [Smith | order=last] and a [Zhang | order=first]", no = "a smith, West" }
tag._surname_weak { id = "name", case = "exact",
  terms = each("surnames", { "$name", order = "$order" }, { rank = "3" }),
  yes = "the [West | order=last]", no = "a Smith" }
tag._role { id = "name", terms = each("roles", { "$name", kind = "$kind", number = "$number" }),
  yes = "[police | number=pl] and a [spokesman]", no = "a boat" }

-- Titles: some also in lower case ("spokesman"), some only as written ("Gen", "AM").
tag._title { id = "any", terms = each("titles", { "$name", gender = "$gender" }, { case = "any" }),
  yes = "[president] Lind, [Spokesman] Oru", no = "a river" }
tag._title { id = "cap", case = "exact", terms = each("titles", { "$name", gender = "$gender" },
  { case = "cap" }), yes = "[Mrs | gender=f] Lind, [Adm.] Oru", no = "in gen, adm, mrs" }

-- Words between the parts of a name, and initials.
tag._particle { id = "name", terms = {
  "al", "bin", "ibn", "bint", "binti", "ben", "de", "del", "della", "der", "den", "di", "da",
  "das", "do", "dos", "du", "la", "le", "van", "von", "ten", "ter", "el", "abu", "abd", "san",
  "y", "e", "wa", "ould", "ag" },
  yes = "Ana [van] [der] Tamberg, Omar [bin] Rashid", no = "in Ana’s vans" }

local INITIAL = [[(B|C|D|E|F|G|H|J|K|L|M|N|O|P|Q|R|S|T|U|V|W|X|Y|Z)(.|!/[\w'-]/)]]
tag._initial { id = "letter", INITIAL, [[/A\./]],
  [[/[A-Z]\.[A-Z](\.|(?!\w))/]],
  yes = "[J.] [K] Tamberg, [A.] Lind, [R.S.] Oru, [G.W] Lind", no = "A river, I, B-2, Ph" }

-- A capitalised word that may be a name by itself, and one that may go on with a name that has
-- begun.
tag._n { id = "word", -- lint: slow (any name may be one)
  "!<_noname|_pron|_title|_role|date|country|nationality|_orgname|_org_head|_place> <cap>",
  "(Al|El|Bin|Ben|Abu|Van|De|Dos|Da|Di|Le|La|Von|Ibn) !<_noname|_title> <cap>",
  yes = "so [Qembi] and [Al Tamberi] met",
  no = "The President met Mr in March, in Helsinki, Finland." }
tag._m { id = "word", -- lint: slow (so here)
  "!<_noname|_month> <cap>", [[/(al|el|ad|as|ar|an|at|ez|ud|ul)-[A-Z][\w'-]+/]],
  yes = "so [Helsinki] [Qembi] [al-Tamberi] met", no = "The March was long." }
tag._suffix { id = "word", "(,? (Jr|Jnr|Sr|Junior)|II|III|IV|VI|VII|VIII|XIV|XVI)",
  yes = "Robert Lind[, Jr], Otto Lind [III]", no = "a junior, I, V" }
tag._pron { id = "word", terms = {
  "He", "She", "They", "It", "We", "I", "You", "This", "That", "Who", "What", "These", "Those",
  "There", "Which", "So", "One", "Everyone", "Nobody", "Some", "Many", "All", "His", "Her",
  "Their" }, yes = "[He] and [Nobody] slept.", no = "Oru slept." }

local MIDDLE = "middle:<_m>? (<_particle>|<_initial>|<_m>){0,4}"
local FAMILY = "family:<_m>"
local REST = "rest:(" .. MIDDLE .. " " .. FAMILY .. ") <_suffix>?"
local NAME = "(<_initial>{0,3} given:<_n> " .. REST
  .. "|alone:(<_initial>{0,3} <_particle>{0,2} <_n>) <_suffix>?)"

for _, g in ipairs { "m", "f" } do
  tag.person { id = "titled-" .. g, "nat:<nationality>? title:<_title gender=" .. g .. "> [" .. NAME
    .. "]", set = { gender = g },
    yes = g == "m" and "Finnish Mr.\n[Oru Tamberg | family=Tamberg, gender=m] slept."
    or "Mrs\194\160[Maria  Tamberg | gender=f] and Ms. [Qembi] slept.",
    no = "Mr and Mrs slept." }
end
tag.person { id = "titled", "nat:<nationality>? title:<_title> [" .. NAME .. "]",
  yes = { "They met President [Ana van Tamberg | family=Tamberg, title=President].",
  "Dr [Zubkov] and spokesman [Oru Lind] left." },
  no = { "The president of the club slept.", "General Motors" } }

-- Family name first: Xi Jinping, Kim Dae-jung.
tag.person { id = "family-first", "[family:<_surname order=first> !(<_surname order=last> !-) " ..
  "given:<_n> <_n>?] !-",
  yes = "with [Zhang Weiluo | family=Zhang, given=Weiluo] there", no = "with the zhang there" }

for _, g in ipairs { "m", "f" } do
  tag.person { id = "given-" .. g, "[!<_title> <_initial>{0,3} given:<_given rank=1 gender=" .. g
    .. "> " .. REST .. "]",
    not_after = "-|<_initial>", set = { gender = g },
      yes = g == "m" and "A letter to [Vladimir W. Tamberg | family=Tamberg, gender=m] came."
      or "A letter to [Maria\nTamberg | family=Tamberg, gender=f] came.",
    no = "Then Maria slept." }
end
tag.person { id = "given", not_after = "-|<_initial>", "[!<_title> <_initial>{0,3} given:<_given> "
  .. REST .. "]",
  "[!<_title> given:<_given_weak> <_initial>{1,3} family:<_m>]",
  "[!<_title> <_initial>{0,3} given:<_given_weak> <_initial>{0,2} <_particle>{0,2} " ..
  "family:(<_surname>|<_surname_weak>)] !-",
  yes = { "A letter to [Ahmed bin Rashid al-Tamberi] came.",
  "A letter to [Robert Tamberg Jr] came.",
  "A letter to [George W. Tamberg | family=Tamberg] came." }, no = "Christmas Day came." }
tag.person { id = "initials", "[<_initial>{1,3} given:<_n>? " .. FAMILY .. "]",
  yes = "A letter to [J. K. Tamberg | family=Tamberg] came.", no = "Vitamins B and D came." }
tag.person { id = "surname", "[given:<_n> family:<_surname>] !-",
  "[given:<_n> rest:((<_given>|<_surname>) !- family:<_m>)]",
  "[given:<_n> <_n> family:(<_given>|<_surname>)] !-",
  yes = { "A letter to [Uldra Smith | family=Smith] came.",
    "A letter to [Uldra Qembi Smith] came." }, no = "The Uldra smith came." }
tag.person { id = "pair", prio = -1, "[given:<_n> family:<_n>] !(<_w>|-)", not_after = "the|<_w>",
  yes = "with [Uldra Qembi] there", no = "at the Uldra Qembi" }

local SAYS = "(said|says|told|tells|added|adds|noted|notes|asked|asks|replied|explained|" ..
  "explains|stated|argued|argues|claimed|recalled|recalls|wrote|tweeted|insisted|" ..
  "warned|stressed|admitted|remarked|thinks|believes|thought|complained|joked|" ..
  "smiled|laughed|lamented|quipped|responded|pointed out|testified)"
local UNKNOWN = "(given:<_n> " .. REST .. ")"
tag.person { id = "speaks", "[" .. UNKNOWN .. "] (,|who|also|has|had|then|later)? " .. SAYS,
  "\\\" ,? (said|says|added|adds|explained|recalled) [" .. UNKNOWN .. "] (.|,)",
  yes = { "[Uldra Qembi] said it rained.", "\"It rained,\" said [Uldra Qembi]." },
  no = { "He said it rained.", "Police said it rained." } }
tag.person { id = "apposition", "[given:<_n> " .. REST .. "] , (the|a|an) ... <_role>",
  "[given:<_n> " .. REST .. "] (,|\\() <num> (,|\\))",
  yes = { "[Uldra Qembi], a teacher, slept.", "[Uldra Qembi], 42, slept." },
  no = { "Uldra, a teacher’s town, slept.", "In Oru, 42 slept." } }

veto.person { id = "not", "<date>", yes = "On Monday [Maria Lind] slept.",
  no = "It rained. May Monday came." }

alias.person { id = "family",
  "[(Van|De|Dos|Da|Di|Du|Del|Della|Von|Al|El|Bin|Ben|Le|La|Ould|van|de|dos|von|bin|al) (der|den" ..
  "|la|las|los)? =family] !<_m>", "[=rest] !<_m>", "[=family] !<_m>", "[=given] !<_m>",
  "[=middle] !<_m>", "[=alone] !<_m>", not_after = "<_n>|<_initial>",
  yes = { "[Maria van Tamberg] slept. [Van Tamberg | is=Maria van Tamberg] and [Maria] woke.",
    "They saw [Tamberg] there. Then [Uldra Tamberg] said no." },
  no = "Tamberg slept. So did Maria." }
alias.person { id = "leader", same = "nat", nest = true,
  "the nat:<nationality> (leader|president|premier|prime minister)",
  yes = "Finnish President [Uldra Qembi] slept. [the Finnish leader] woke.",
  no = "the Finnish leader woke" }

-- Quotations: cues, speakers that are no names, and the sieves that find who said it.
--
-- A sieve is one geometry in which English news attributes speech; the surest come first, and the
-- first that fits a quotation gives it speaker and cue at once, and `by`: the kind of sieve it was.
-- None takes a name for being near: each wants a cue, and a speaker that is its subject.
-- Sieves ranked by precision are an idea of Muzny, Fang, Chang and Jurafsky (2017).

-- What ends in "that" (pos=clause) is no cue with it; a weak phrase says too little.
tag._cue { id = "cue", terms = each("cues", { "$name", class = "$class", pos = "$pos" },
  { class = "speech|opinion", pos = "finite|participle|phrase" }),
  yes = "he [said | class=speech, pos=finite], [adding | pos=participle], [according to] me",
  no = "he slept" }
tag._weak { id = "weak", terms = each("cues", { "$name", pos = "$pos" },
  { class = "weak", pos = "finite|participle" }),
  yes = "she [welcomed] it", no = "she said it" }

tag._he { id = "m", terms = { "he" }, set = { gender = "m" },
  yes = "so [he | gender=m] slept", no = "so Oru slept" }
tag._he { id = "f", terms = { "she" }, set = { gender = "f" },
  yes = "[She | gender=f] slept.", no = "so Anna slept" }
tag._he { id = "who", terms = { "who" }, yes = "a man [who | gender=] slept", no = "whose man" }
-- These mean no single person: their gender is nobody's, so that they stay unresolved.
tag._he { id = "other", terms = { "they", "we", "it" }, set = { gender = "none" },
  yes = "[They | gender=none] slept; so did [we].", no = "all slept" }
tag._he { id = "I", "I !-", set = { gender = "none" }, -- not the party in (I-Vt.)
  yes = "[I | gender=none] slept.", no = "Ann Lee (I-Vt.) slept, i" }

-- Words that end a noun phrase: what stands before a speaker's head is free of them.
tag._break { id = "word", terms = { "of", "for", "at", "in", "on", "with", "from", "to", "by",
  "about", "into", "over", "under", "after", "before", "as", "and", "or", "but", "nor", "that",
  "which", "who", "whom", "whose", "when", "while", "where", "why", "how", "because", "although",
  "though", "if", "unless", "until", "since", "than", "against", "through", "during", "between",
  "among", "without", "within", "is", "are", "was", "were", "be", "been", "being", "has", "have",
  "had", "do", "does", "did", "will", "would", "can", "could", "may", "might", "must", "shall",
  "should", "not", "so", "then", "also", "there", "he", "she", "they", "it", "I", "we", "you",
  "him", "them", "me", "us", "what", "like" },
  yes = "boats [of] oak", no = "oak boats" }

-- What may stand between a speaker and the cue.
tag._adv { id = "word", terms = { "also", "later", "then", "again", "once", "has", "have", "had",
  "did", "would", "will", "could", "might", "may", "must", "just", "still", "even", "never",
  "often", "always", "first", "himself", "herself", "themselves", "itself", "too", "however",
  "instead", "now", "soon", "since" },
  yes = "she [also] slept", no = "she slept badly" }
tag._adjunct { id = "phrase", terms = { "in turn", "for his part", "for her part" },
  yes = "Oru, [for his\npart], slept", no = "a turn for the part" }
tag._adjunct { id = "date", "(on|in|at|late|early)? <date>",
  yes = "It rained [late Monday]; [in May] it did not.", no = "in time" }

tag._det { id = "word", terms = { "the", "a", "an", "his", "her", "their", "our", "my", "its",
  "your", "one", "two", "three", "several", "some", "other", "another", "many", "most", "both",
  "these", "those", "this", "that", "no" },
  yes = "[the] boat", no = "boats" }
tag._source { id = "role",
  "<_det> (!<_break> !<_cue> !<_det> <word>){0,3} <_role>",
  "(<nationality>|<country>|senior|top|former|local|federal|state) <_role>",
  "<cap>{1,3} ('s|') (!<_break> !<_cue> <lower>){0,3} <_role>",
  "<_role>",
  "<num> percent",
  yes = "[A senior police official] met [Oru’s former minister], [Finnish diplomats], " ..
    "[witnesses] and [40 percent].",
  no = "The boat was the best." }

quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }

-- ---- The parts of the sieves --------------------------------------------------------------

local function join(...)
  return table.concat({ ... }, " ")
end

-- The speaker's head: a mention, or (NEW) a name that no rule knew, right beside its cue.
local HEAD = "<person|org|country|city|region|nationality|_source|_he>"
local WHO = "speaker:" .. HEAD
local HE = "speaker:<_he> ('s|'ve|'d|'re)?"
local CAPS = "(!<_stop|date|_title|_role> <cap|upper>)"
local NEW = "(<_title> .?)? speaker:" .. CAPS .. "{1,4}"

-- The rest of the noun phrase before the head, "her lawyer, " included.
local PRE = "(<_source> ((of|for|at|in) <word>{1,4}?)? ,)? " ..
  "((<_title>|<person> ('s|'|&(<_role>|<_title>))|" ..
  "!<_break|_cue|person> <word> ('s|')?)){0,7}?"
-- The head ends here.
local ENDS = "'s|'|<_title>|<person>|!<_cue> <_role>"
local END = "!(" .. ENDS .. ")"
local LAST = "!('s|'|<_role>|<person>|<cap>|!<_break> <lower> <person>)"
-- Behind it: brackets, an apposition or clause, "of the ministry", "marching through town".
local WORDS = "(!<_cue> (<word>|<num>|'s|'|.|-)){1,9}?"
local OF = "((of|in|from|for|at) " .. WORDS .. ")?"
local ING = "!<_cue> /[a-z]{3,}ing/"
local POST = "(\\( ... \\))? (, ... ,|- ... -|" ..
  "(of|for|at|in|from|by|with|who|on|close|familiar|" .. ING .. ") " .. WORDS .. ")? ,?"
local LY = "(<_adv|_adjunct>|/[a-z]{3,}ly/)"
local ADV = LY .. "{0,3} ((is|are|was|were|be|been) " .. LY .. "? &<_cue pos=participle>)?"
-- How an apposition begins.
local ROLE = "(a|an|the|his|her|its|their|who|whose|which|one|another|many|some|most|himself|" ..
  "<num>|former|<_title>|<_role>|(<person|org|country> ('s|')))"

-- What a subject follows, so that it is no object of a verb or preposition.  A stop is not that of
-- a title or initial.
local FULL = [[&(.|?|!) /(?<!Mr|Ms|Dr|St|Sr|Jr|Lt)(?<!Mrs|Sen|Rep|Gov|Gen|Col|Sgt|Rev|Hon|Sir)]] ..
  [[(?<!\b[A-Z])(?<!Prof|Capt)[.?!]/]]
local DASH = "&(-|—) /(?<=\\s)[-—]+/"
local BOUND = "(^|" .. FULL .. "|<quote>|<date>|,|;|:|" .. DASH .. "|that|and|but|when|as|while|" ..
  "if|because|although|though|where|what|how|which|than|after|before|since|until)"
local STOP = "(.|,|;|:|?|!|-)"

-- Not "in a statement", "saying", "was told".
local FINITE = "!in !<_cue pos=participle> !/[a-z]+ing/ !((is|are|was|were|been) (told|asked)) "
local SPEECH, ANY = FINITE .. "cue:<_cue class=speech>", FINITE .. "cue:<_cue>"
local PARTICIPLE = "cue:<_cue pos=participle class=speech>"
local NEXT, LATER = " (,|:|that)? [<quote>]", " ... [<quote>]"

-- "…." He said: words that begin a sentence of their own.  "…." Bo said.  A name may still be the
-- speaker.
local SAME = [=[!(/(?<=[.!?]["'] )(He|She|They|We|It|The|In|On|But|And|As)/)]=]
local INSIDE = SAME .. [=[ !(/(?<=\.["'] )[A-Z][\w.]*/)]=]
local AFTER = "[<quote>] <quote>{0,2} (,|-)? !who "

local SUBJECT = join(BOUND, PRE, WHO, END, POST, ADV)
-- X said; X calling; a new name said.
local SAYS = join(BOUND, "(" .. PRE, WHO, END, "(" .. POST, ADV, SPEECH .. "|" .. ADV,
  PARTICIPLE .. ")|" .. NEW, ADV, SPEECH .. ")")
local SAID = join(BOUND, "(" .. PRE, WHO, END, POST, ADV, SPEECH .. "|" .. NEW, ADV, SPEECH .. ")")
-- X, a critic of Y, said
local KNOWN = "speaker:<person> (\\( ... \\))? " .. OF .. " , (asked|!<_cue> <word|num>) ..."
local PHRASE = WHO .. " (\\( ... \\))? " .. OF .. " , " .. ROLE .. " ..."
local APPOSED = join(BOUND, "(" .. PRE, "(" .. KNOWN .. "|" .. PHRASE .. ")|",
  "speaker:" .. CAPS .. "{2,4} ,", ROLE, "...) ,", ADV, SPEECH)
-- X did this and then
local DOES = "!(,|" .. ENDS .. ") ..."

-- ---- The sieves ---------------------------------------------------------------------------

-- "…," the paper quoted X as saying.
amend.quote { id = "quoted-as", set = { by = "quoted" },
  join("[<quote>] ,? <word>{0,5} cue:quoted", WHO, "as saying"),
  yes = "[“Nobody slept,” | speaker=Anna Webb] the local paper quoted Anna Webb as saying.",
  no = "“Nobody slept,” Anna Webb quoted from the local paper." }

-- The paper quoted X, a critic of Y, as saying that "…"
amend.quote { id = "quoting", set = { by = "quoted" },
  join("(quoted|quotes|quoting|cited)", PRE, WHO, END, "(, ... ,)? as? cue:(saying|telling)") ..
    LATER,
  yes = "The Daily Star quoted Anna Webb, a baker from Leeds, as saying that flour was " ..
    "[“pure gold” | speaker=Anna Webb, cue=saying] these days.",
  no = "The Daily Star quoted prices, and Anna Webb, a baker, called it “pure gold” again." }

-- X: Such are "…"   (a headline)
amend.quote { id = "headline", set = { by = "headline" },
  "^ <_title>? speaker:<person> cue:\\: ... [<quote>]",
  yes = "Anna Webb: Our bread is [‘simply the best’ | speaker=Anna Webb, cue=:] in town",
  no = "Bread and butter: Anna Webb on ‘the best’ in town" }

-- X, a critic of Y, said: "…"
amend.quote { id = "apposition-next", set = { by = "apposition" },
  APPOSED .. NEXT,
  yes = { "Anna Webb, a lawyer for the city of York, said, [“We will appeal.” | speaker=Anna Webb]",
    "Anna Webb, who had met Tom Brown, wrote: [“He is fine.” | speaker=Anna Webb, cue=wrote]",
    "Anna Webb, his aunt, said: [\"We will\nnot sell.\" | speaker=Anna Webb]" },
  no = "With Anna Webb, a friend, he read “Rain” aloud. Tom Brown said: “Well read.”" }

-- X said, "…"   X said: "…"   what X called "…"
amend.quote { id = "before-next", set = { by = "next" },
  SAYS .. NEXT,
  join(HE, ADV, SPEECH) .. NEXT,
  yes = { "After the talks Tom Brown also said, [“It went well.” | speaker=Tom Brown, cue=said]",
    "A spokesman for the Treasury told Tom Brown: [“Wait.” | speaker=A spokesman, cue=told]",
    "Tom Brown praised what Anna Webb called [“a small miracle.” | speaker=Anna Webb]",
    "She then added : [\"It is\nlate.\" | speaker=She, cue=added]" },
  no = "“It went well,” Tom Brown said after the talks." }

-- "…," X said.
amend.quote { id = "after-sv", set = { by = "after" },
  AFTER .. join(INSIDE, WHO, ADV, ANY),
  AFTER .. join(INSIDE, PRE, WHO, POST, ADV, ANY),
  AFTER .. join(INSIDE, NEW, POST, ADV, ANY),
  join("[<quote>]", SAME, PRE, WHO, ADV, ANY, "(.|$)"),
  yes = { "[“It went well,” | speaker=Tom Brown] Tom Brown later told Anna Webb.",
    "[“It went well,” | speaker=Tom Brown] Mr. Tom Brown, a friend of Anna Webb, said.",
    "[“Go home,” | speaker=police] police said.",
    "[“We all shouted,” | speaker=Lorbo Quint] Lorbo Quint recalled.",
    "[“It went well ,” | speaker=he, cue=said] he said ." },
  no = { "Tom Brown said: “It went well.”", "“It went well.” He said nothing more of it.",
    "The film “Rain” made Anna Webb rich." } }

-- "…," said X.
amend.quote { id = "after-vs", set = { by = "after" },
  AFTER .. join(ADV, ANY, WHO, LAST),
  AFTER .. join(ADV, ANY, "(<_title> .?)? speaker:" .. CAPS .. "{2,4} !<cap>"),
  AFTER .. join(ADV, ANY, PRE, WHO, LAST),
  AFTER .. join(ADV, ANY, PRE, NEW, "!<cap>"),
  AFTER .. join(ADV, ANY, PRE, WHO),
  yes = { "[“It went well,” | speaker=Anna Webb] said Anna Webb, a friend of Tom Brown.",
    "[“It went well,” | speaker=a spokesman] said a spokesman for Tom Brown.",
    "[“It went well,” | speaker=Anna Webb] said London lawyer Anna Webb.",
    "[\"It went well,\" | speaker=she] says she , smiling.",
    "[\"It went\nwell,” | speaker=Anna Webb] said Anna\nWebb.",
    "[''It’s over,'' | speaker=Anna Webb] said  Anna\194\160Webb.",
    "[«It went well,» | speaker=Anna Webb] said Anna Webb.",
    "[“She said [‘never again’ | depth=1] and left,” | speaker=Tom Brown] said Tom Brown.",
    "[“We lost.\n\n“It hurt,” | speaker=Anna Webb] said Anna Webb." },
  no = { "Anna Webb wrote: “It went well.”", "“It went well,” sang Anna Webb’s parrot." } }

-- "…," X said. "…"   The speaker, and the cue, are those of the quotation before it.
amend.quote { id = "resumed", set = { by = "resumed" },
  "speaker:<quote by=after> ... cue:<_cue> ... " .. STOP .. " [<quote>]",
  "speaker:<quote speaker> [<quote>]",
  yes = { "[“It went well,” | speaker=Anna Webb] said Anna Webb, who met Tom Brown in May. " ..
      "[“We may try again.” | speaker=Anna Webb, cue=said]",
    "[“It went well,” | by=after] Anna Webb said, [“but not for all.” | speaker=Anna Webb]" },
  no = "“It went well,” said Anna Webb. Tom Brown wrote: “Not for all.”" }

-- According to X, … "…"   But not according to plan.
local ACCORDING = "cue:(according to) !(plan|schedule|custom|tradition)"
amend.quote { id = "according", set = { by = "according" },
  join(ACCORDING, "the? speaker:<person|org>", END, LATER),
  join(ACCORDING, "speaker:<_source> , &<_he>", LATER),
  join(ACCORDING, PRE, WHO, LATER),
  join(ACCORDING, NEW, LATER),
  join("[<quote>] ,?", ACCORDING, PRE, WHO),
  yes = { "According to Anna Webb, the talks were [“a waste of time.” | speaker=Anna Webb]",
    "It was [“a waste of time,” | speaker=Anna Webb] according to Anna Webb." },
  no = "All went according to plan, and Anna Webb said it was “no waste of time.”" }

-- "…" and more, X said.
amend.quote { id = "after-far", set = { by = "after-far" },
  join("[<quote>] ... ,", PRE, WHO, ADV, SPEECH, "(.|,|;|$|in|on|to|at)"),
  join("[<quote>] ... ,", SPEECH, PRE, WHO, "(.|,|$)"),
  yes = "They had been [“very, very lucky” | speaker=Anna Webb] with the weather, Anna Webb said.",
  no = "They had been “very, very lucky” with the weather. Anna Webb said nothing." }

-- X, a critic of Y, said the plan was "…"
amend.quote { id = "apposition", set = { by = "apposition" },
  APPOSED .. LATER,
  yes = "Anna Webb, a fellow at the think tank Chatham House, said the plan was " ..
    "[“dead on arrival” | speaker=Anna Webb, cue=said] in the north.",
  no = "Anna Webb said the plan was “dead on arrival” in the north." }

-- X left, saying it was "…"   X said this, adding "…"   X is calling it "…"
amend.quote { id = "participle", set = { by = "participle" },
  join(SUBJECT, "<_cue class=speech> ... (,|and)", ADV, PARTICIPLE) .. LATER,
  join(HE, ADV, "<_cue class=speech> ... (,|and)", ADV, PARTICIPLE) .. LATER,
  join(BOUND, PRE, "!who", WHO, "(" .. END .. "|" .. DOES, "(,|by|before|while|and))", ADV,
    PARTICIPLE) .. LATER,
  yes = { "Anna Webb walked out on Tom Brown, calling the offer [“an insult” | speaker=Anna Webb].",
    "Anna Webb said she was tired, adding that it had been [“too long” | cue=adding] a day." },
  no = "Anna Webb walked out, opening the “Exit” door." }

-- X said the plan was "…"
amend.quote { id = "before", set = { by = "before" },
  SAID .. LATER,
  join(HE, ADV, SPEECH) .. LATER,
  yes = { "On Monday, Anna Webb told Tom Brown it was [“dead” | speaker=Anna Webb, cue=told].",
    "He says he believes the plan has [“every chance” | cue=says] of passing." },
  no = "What Anna Webb had been told made the plan “dead” for good." }

-- X left early and said it was "…"
amend.quote { id = "and", set = { by = "and" },
  join(BOUND, PRE, "!who", WHO, DOES, "(,|and|but)", ADV, SPEECH) .. LATER,
  yes = "Anna Webb left early, but told reporters the talks were [“useful” | speaker=Anna Webb].",
  no = "Anna Webb left early, and the “useful” talks went on." }

-- X thinks the plan is "…"   X welcomed the "…"
amend.quote { id = "opinion", set = { by = "opinion" },
  join(SUBJECT, ANY) .. LATER,
  join(HE, ADV, "cue:<_cue>") .. LATER,
  yes = "Anna Webb believes the plan is [“very weak” | speaker=Anna Webb] at heart.",
  no = "Anna Webb slept through the “very weak” play." }
amend.quote { id = "weak", set = { by = "weak" },
  join(SUBJECT, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]"),
  join(HE, ADV, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]"),
  yes = "Tom Brown welcomed the army’s [“heroic” | speaker=Tom Brown, cue=welcomed] stand.",
  no = "Tom Brown welcomed the army, which left behind him a very long and “heroic” tale." }

-- … "…" and "…"
amend.quote { id = "shared", set = { by = "shared" },
  "speaker:<quote speaker> (,? (and|or|but)|,|to) <word>{0,4} [<quote>]",
  yes = "Tom Brown welcomed the [“heroic” | by=weak] and very [“noble” | speaker=Tom Brown] men.",
  no = "A “heroic” and very “noble” tale came to Tom Brown." }

-- X told the paper: <paragraph> "…"
amend.quote { id = "lead-in", set = { by = "lead-in" },
  join(SUBJECT, "(cue:<_cue> (... (:|,) <word>{0,2})?|" ..
    "cue:(made|gave|offered|issued|released|posted|shared|had) ... :) <para> [<quote>]"),
  yes = "Anna Webb told the Daily Star in London:\n\n[“We lost.” | speaker=Anna Webb, cue=told]",
  no = "Anna Webb lost her dog in London.\n\n“We lost.”" }

-- "…," X said. <paragraph> "…"
amend.quote { id = "next-paragraph", set = { by = "next-paragraph" },
  "speaker:<quote speaker> .? <para> [<quote>] <quote>{0,6} $",
  "speaker:<quote by=after> ... cue:<_cue> ... . <quote>{0,6} <para> [<quote>] <quote>{0,6} $",
  yes = "[“We lost,” | by=after] Anna Webb said on Monday.\n\n[“It hurt.” | speaker=Anna Webb]",
  no = "“We lost,” Anna Webb said on Monday.\n\nOn Tuesday Tom Brown said: “It hurt.”" }

-- X said that things were bad. "…"
amend.quote { id = "indirect", set = { by = "indirect" },
  join(SUBJECT, "cue:<_cue class=speech> ... (.|?|!) [<quote>] ($|<cap>|<quote>)"),
  yes = "Anna Webb said the roof had come down. [“It was awful.” | speaker=Anna Webb]",
  no = "Anna Webb saw the roof come down. “It was awful.”" }

-- "…" - X <end of paragraph>
amend.quote { id = "signed", set = { by = "signed" },
  "[<quote>] (-|—) (speaker:<person|org>|" .. NEW .. ") .? ($|<quote>)",
  yes = "[“Never again.” | speaker=Anna Webb] — Anna Webb",
  no = "“Never again” — Anna Webb has heard that song before." }

-- X: "…"
amend.quote { id = "colon", set = { by = "colon" },
  join(BOUND, PRE, WHO, "cue:\\: [<quote>]"),
  yes = "Too late for us - Anna Webb: [“We should have left in May.” | speaker=Anna Webb, cue=:]",
  no = "A word to Anna Webb at last: “We should have left in May.”" }

test "a name beside a quotation is no speaker" { text = "The film “Rain” made Anna Webb rich.",
  quote = { { "“Rain”", kind = "title" } } }

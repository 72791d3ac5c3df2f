-- Quotations: cues, speakers that are no names, and the sieves that find who said it.
--
-- The sieves are the ten geometries in which English news attributes speech, the surest first; the first that fits
-- a quotation gives it speaker and cue at once.  None takes a name for being near: each wants a cue, and the
-- speaker as the subject of that cue.

local cues, weak = {}, {}
for _, row in ipairs(read "cues") do
  local list = row.class == "weak" and weak or cues
  local plain = row.pos ~= "phrase" or row.class ~= "weak" and not row.name:match " that$" -- "that" is no part of it
  if plain then list[#list + 1] = row end
end
tag._cue { id = "cue", terms = each(cues, { "$name", class = "$class", pos = "$pos" }) }
tag._weak { id = "weak", terms = each(weak, { "$name", pos = "$pos" }) }

tag._he { id = "m", terms = { "he" }, set = { gender = "m" } }
tag._he { id = "f", terms = { "she" }, set = { gender = "f" } }
tag._he { id = "who", terms = { "who" } }
tag._he { id = "other", terms = { "they", "we", "it" }, set = { gender = "none" } } -- means no single person
tag._he { id = "I", "I !-", set = { gender = "none" } }                           -- not the party in (I-Vt.)

-- Words that end a noun phrase: what stands before a speaker's head is free of them.
tag._break { id = "word", terms = { "of", "for", "at", "in", "on", "with", "from", "to", "by", "about", "into", "over",
  "under", "after", "before", "as", "and", "or", "but", "nor", "that", "which", "who", "whom", "whose", "when",
  "while", "where", "why", "how", "because", "although", "though", "if", "unless", "until", "since", "than",
  "against", "through", "during", "between", "among", "without", "within", "is", "are", "was", "were", "be",
  "been", "being", "has", "have", "had", "do", "does", "did", "will", "would", "can", "could", "may", "might",
  "must", "shall", "should", "not", "so", "then", "also", "there", "he", "she", "they", "it", "I", "we", "you",
  "him", "them", "me", "us", "what", "like" } }

-- What may stand between a speaker and the cue.
tag._adv { id = "word", terms = { "also", "later", "then", "again", "once", "has", "have", "had", "did", "would",
  "will", "could", "might", "may", "must", "just", "still", "even", "never", "often", "always", "first",
  "himself", "herself", "themselves", "itself", "too", "however", "instead", "now", "soon", "since", "in turn",
  "for his part", "for her part" } }
tag._adv { id = "ly", [[/[a-z]{3,}ly/]] }
tag._adv { id = "date", "(on|in|at|late|early)? <date>" }

tag._det { id = "word", terms = { "the", "a", "an", "his", "her", "their", "our", "my", "its", "your", "one", "two",
  "three", "several", "some", "other", "another", "many", "most", "both", "these", "those", "this", "that", "no" } }
tag._source { id = "role",
  "<_det> (!<_break> !<_cue> !<_det> <word>){0,3} <_role>",
  "(<nationality>|<country>|senior|top|former|local|federal|state) <_role>",
  "<_role>", "<num> percent" }

quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }

-- The parts of the sieves.
-- WHO: the speaker's head, a mention; NEW: a name that no rule knew, right beside its cue.  BOUND: what a subject
-- follows (it is no object of a verb or preposition).  PRE: the rest of the noun phrase before the head.  POST:
-- apposition, clause or phrase behind it.  END: the head ends here.
local HEAD = "<person|org|country|city|region|nationality|_source|_he>"
local WHO = "speaker:" .. HEAD
local CAPS = "(!(<_stop>|<date>|<_title>|<_role>) <cap|upper>)"
local NEW = "(<_title> .?)? speaker:" .. CAPS .. "{1,4}"
local PRE = "(<_source> ,)? ((<_title>|<person> ('s|'|&(<_role>|<_title>))|!(<_break>|<_cue>|<person>) <word> ('s|')?)){0,7}?"
local WORDS = "(!<_cue> (<word>|<num>|'s|'|.|-)){1,9}?"
local OF = "((of|in|from|for|at) " .. WORDS .. ")?"
local ING = "!<_cue> /[a-z]{3,}ing/"
local POST = "(\\( ... \\))? (, ... ,|- ... -|(of|for|at|in|from|with|who|on|close|familiar|" .. ING .. ") " .. WORDS .. ")? ,?"
local ADV = "<_adv>{0,3} ((is|are|was|were|be|been) <_adv>? &<_cue pos=participle>)?"
local HE = "speaker:<_he> ('s|'ve|'d|'re)?"
local DASH = "(/(?<=\\s)[-—]+/)"
-- A stop that is not the one of a title or an initial.
local FULL = [[/(?<!Mr|Ms|Dr|St|Sr|Jr|Lt)(?<!Mrs|Sen|Rep|Gov|Gen|Col|Sgt|Rev|Hon|Sir)(?<!\b[A-Z])(?<!Prof|Capt)[.?!]/]]
local BOUND = "(^|" .. FULL .. "|<quote>|<date>|,|;|:|" .. DASH .. "|that|and|but|when|as|while|if|because|" ..
  "although|though|where|what|how|which|than|after|before|since|until)"
local STOP = "(.|,|;|:|?|!|-)"
local END = "!('s|'|<_title>|<person>|!<_cue> <_role>)"
local ROLE = "(a|an|the|his|her|its|their|who|whose|which|one|another|many|some|most|himself|<num>|former|<_title>|<_role>|" ..
  "(<person|org|country> ('s|')))"
local FINITE = "!in !<_cue pos=participle> !/[a-z]+ing/ "
local SPEECH, ANY = FINITE .. "cue:<_cue class=speech>", FINITE .. "cue:<_cue>"
local PARTICIPLE = "cue:<_cue pos=participle class=speech>"
local NEXT, LATER = " (,|:|that)? [<quote>]", " ... [<quote>]"

-- Words after "….” that begin a sentence of their own; a name may still be the speaker if the cue ends the sentence.
local SAME = [=[!(/(?<=[.!?]["'] )(He|She|They|We|It|The|In|On|But|And|As)/)]=]
local INSIDE = SAME .. [=[ !(/(?<=\.["'] )[A-Z][\w.]*/)]=]
local AFTER = "[<quote>] <quote>{0,2} (,|-)? !who "

local function join(...)
  return table.concat({ ... }, " ")
end

-- "…," the paper quoted X as saying.
amend.quote { id = "quoted-as", set = { by = "quoted" }, join("[<quote>] ,? <word>{0,5} cue:quoted", WHO, "as saying") }

-- The paper quoted X, a critic of Y, as saying that "…"
amend.quote { id = "quoting", set = { by = "quoted" },
  join("(quoted|quotes|quoting|cited)", PRE, WHO, END, "(, ... ,)? as? cue:(saying|telling) ... [<quote>]") }

-- X: Such are "…"   (a headline)
amend.quote { id = "headline", set = { by = "headline" }, "^ <_title>? speaker:<person> cue:\\: ... [<quote>]" }

-- X said, "…"   X said: "…"   what X called "…"   X, a critic of Y, said: "…"
local SUBJECT = join(BOUND, PRE, WHO, END, POST, ADV)
local NAMED = join(BOUND, PRE, "speaker:<person> (\\( ... \\))?", OF, ", !<_cue> ... ,", ADV)
local DIRECT = join(BOUND, PRE, WHO, END, ADV, PARTICIPLE)
local UNKNOWN = join(BOUND, "speaker:" .. CAPS .. "{2,4} ,", ROLE, "... ,", ADV)
local PHRASE = join(BOUND, PRE, WHO, "(\\( ... \\))?", OF, ",", ROLE, "... ,", ADV)
amend.quote { id = "apposition-next", set = { by = "apposition" },
  join(NAMED, SPEECH) .. NEXT, join(UNKNOWN, SPEECH) .. NEXT, join(PHRASE, SPEECH) .. NEXT }
amend.quote { id = "before-next", set = { by = "next" },
  join(SUBJECT, SPEECH) .. NEXT, DIRECT .. NEXT,
  join(HE, ADV, SPEECH) .. NEXT,
  join(BOUND, NEW, ADV, SPEECH) .. NEXT }

-- "…," X said.  "…," said X.
amend.quote { id = "after-sv", set = { by = "after" },
  AFTER .. join(INSIDE, WHO, ADV, ANY),
  AFTER .. join(INSIDE, PRE, WHO, POST, ADV, ANY),
  AFTER .. join(INSIDE, NEW, POST, ADV, ANY),
  join("[<quote>]", SAME, PRE, WHO, ADV, ANY, "(.|$)") }
local LAST = "!('s|'|<_role>|<person>|<cap>|<lower> <person>)"
amend.quote { id = "after-vs", set = { by = "after" },
  AFTER .. join(ADV, ANY, WHO, LAST),
  AFTER .. join(ADV, ANY, "(<_title> .?)? speaker:" .. CAPS .. "{2,4} !<cap>"),
  AFTER .. join(ADV, ANY, PRE, WHO, LAST),
  AFTER .. join(ADV, ANY, PRE, NEW, "!<cap>"),
  AFTER .. join(ADV, ANY, PRE, WHO) }

-- Resumed:  "…," X said. "…"   The speaker is the one of the quotation before it.
amend.quote { id = "resumed", set = { by = "resumed" },
  "speaker:<quote by=after> ... cue:<_cue> ... " .. STOP .. " [<quote>]",
  "speaker:<quote speaker> [<quote>]" }

amend.quote { id = "according", set = { by = "according" },
  join("cue:(according to)", PRE, WHO, LATER),
  join("cue:(according to)", NEW, LATER),
  join("[<quote>] ,? cue:(according to)", PRE, WHO) }

-- "…" and more, X said.
amend.quote { id = "after-far", set = { by = "after-far" },
  join("[<quote>] ... ,", PRE, WHO, ADV, SPEECH, "(.|,|;|$|in|on|to|at)"),
  join("[<quote>] ... ,", SPEECH, PRE, WHO, "(.|,|$)") }

-- X said the plan was "…"
amend.quote { id = "apposition", set = { by = "apposition" },
  join(NAMED, SPEECH) .. LATER, join(UNKNOWN, SPEECH) .. LATER, join(PHRASE, ANY) .. LATER }
-- X left, saying it was "…"   X is calling it "…"   X left and said it was "…"
local DOES = join(BOUND, PRE, WHO, "!(,|'s|'|<_title>|<person>|!<_cue> <_role>) ...")
amend.quote { id = "participle", set = { by = "participle" },
  join(SUBJECT, "<_cue class=speech> ... (,|and)", ADV, PARTICIPLE) .. LATER,
  join(HE, ADV, "<_cue class=speech> ... (,|and)", ADV, PARTICIPLE) .. LATER,
  DIRECT .. LATER,
  join(DOES, "(,|by|before|while|and)", ADV, PARTICIPLE) .. LATER }
amend.quote { id = "before", set = { by = "before" },
  join(SUBJECT, SPEECH) .. LATER,
  join(HE, ADV, SPEECH) .. LATER,
  join(BOUND, NEW, ADV, SPEECH) .. LATER }

amend.quote { id = "and", set = { by = "and" }, join(DOES, "(,|and|but)", ADV, SPEECH) .. LATER }

amend.quote { id = "opinion", set = { by = "opinion" },
  join(SUBJECT, ANY) .. LATER,
  join(HE, ADV, "cue:<_cue>") .. LATER }
amend.quote { id = "weak", set = { by = "weak" },
  join(SUBJECT, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]"),
  join(HE, ADV, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]") }

-- … "…" and "…"
amend.quote { id = "shared", set = { by = "shared" }, "speaker:<quote speaker> (,? (and|or|but)|,|to) <word>{0,4} [<quote>]" }

-- X told the paper: <paragraph> "…"
amend.quote { id = "lead-in", set = { by = "lead-in" },
  join(SUBJECT, "cue:<_cue> ... (:|,) <word>{0,2} <para> [<quote>]"),
  join(SUBJECT, "cue:<_cue> <para> [<quote>]"),
  join(SUBJECT, "cue:(made|gave|offered|issued|released|posted|shared|had) ... : <para> [<quote>]") }

-- "…," X said. <paragraph> "…"
amend.quote { id = "next-paragraph", set = { by = "next-paragraph" },
  "speaker:<quote speaker> .? <para> [<quote>] <quote>{0,6} $",
  "speaker:<quote by=after> ... cue:<_cue> ... . <quote>{0,6} <para> [<quote>] <quote>{0,6} $" }

-- X said that things were bad. "…"
amend.quote { id = "indirect", set = { by = "indirect" },
  join(SUBJECT, "cue:<_cue class=speech> ... (.|?|!) [<quote>] ($|<cap>|<quote>)") }

-- "…" - X <end of paragraph>     X: "…"
amend.quote { id = "signed", set = { by = "signed" }, "[<quote>] (-|—) (speaker:<person|org>|" .. NEW .. ") .? ($|<quote>)" }
amend.quote { id = "colon", set = { by = "colon" }, join(BOUND, PRE, WHO, "cue:\\: [<quote>]") }

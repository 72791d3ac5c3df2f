-- Quotations: cues, speakers that are no names, and the sieves that find who said it.
--
-- The sieves are the ten geometries in which English news attributes speech, the surest first; the first that fits
-- a quotation gives it speaker and cue at once.  None takes a name for being near: each wants a cue, and the
-- speaker as the subject of that cue.

local cues, weak = {}, {}
for _, row in ipairs(read "cues") do
  local list = row.class == "weak" and weak or cues
  if row.pos ~= "phrase" or row.class ~= "weak" then list[#list + 1] = row end
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

tag._source { id = "role",
  "(the|a|an|his|her|their|our|my|one|two|three|several|some|other|another|many|both|these)? (!<_break> !<_cue> <word>){0,3} <_role>",
  "<_role>" }

quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }

-- The parts of the sieves.
-- WHO: the speaker's head, a mention; NEW: a name that no rule knew, right beside its cue.  BOUND: what a subject
-- follows (it is no object of a verb or preposition).  PRE: the rest of the noun phrase before the head.  POST:
-- apposition, clause or phrase behind it.  END: the head ends here.
local HEAD = "<person|org|country|city|region|nationality|_source|_he>"
local WHO = "speaker:" .. HEAD
local CAPS = "(!(<_stop>|<date>|<_title>|<_role>) <cap|upper>)"
local NEW = "(<_title> .?)? speaker:" .. CAPS .. "{1,4}"
local PRE = "((<_title>|<person> ('s|'|&(<_role>|<_title>))|!(<_break>|<_cue>|<person>) <word> ('s|')?) ,?){0,7}?"
local WORDS = "(!<_cue> (<word>|<num>|'s|'|.|-)){1,9}?"
local OF = "((of|in|from|for|at) " .. WORDS .. ")?"
local POST = "(, ... ,|\\( ... \\) ,?|- ... -|(of|for|at|in|from|with|who|on|close|familiar) " .. WORDS .. " ,?)?"
local ADV = "<_adv>{0,3}"
local DASH = "(/(?<=\\s)[-—]+/)"
local BOUND = "(^|!<_title> <word|num> (.|?|!)|<quote>|<date>|,|;|:|" .. DASH .. "|that|and|but|when|as|while|if|because|" ..
  "although|though|where|what|how|which|than)"
local STOP = "(.|,|;|:|?|!|-)"
local END = "!('s|'|<_title>|<person>|<_role>)"
local ROLE = "(a|an|the|his|her|its|their|who|whose|which|one|another|many|some|most|himself|<num>|former|<_title>|<_role>|" ..
  "(<person|org|country> ('s|')))"
local SPEECH, PARTICIPLE = "cue:<_cue class=speech>", "cue:<_cue pos=participle>"
local NEXT, LATER = " (,|:|that)? [<quote>]", " ... [<quote>]"

-- Words after "….” that begin a sentence of their own; a name may still be the speaker if the cue ends the sentence.
local SAME = [=[!(/(?<=[.!?]["'] )(He|She|They|We|It|The|In|On|But|And|As)/)]=]
local INSIDE = SAME .. [=[ !(/(?<=\.["'] )[A-Z][\w.]*/)]=]
local AFTER = "[<quote>] <quote>{0,2} (,|-)? "

local function join(...)
  return table.concat({ ... }, " ")
end

-- "…," the paper quoted X as saying.
amend.quote { id = "quoted-as", set = { by = "quoted" }, join("[<quote>] ,? <word>{0,5} cue:quoted", WHO, "as saying") }

-- X said, "…"   X said: "…"   what X called "…"   X, a critic of Y, said: "…"
local SUBJECT = join(BOUND, PRE, WHO, END, POST, ADV)
local NAMED = join(BOUND, PRE, "speaker:<person> (\\( ... \\))?", OF, ", !<_cue> ... ,", ADV)
local UNKNOWN = join(BOUND, "speaker:" .. CAPS .. "{2,4} ,", ROLE, "... ,", ADV)
local PHRASE = join(BOUND, PRE, WHO, "(\\( ... \\))?", OF, ",", ROLE, "... ,", ADV)
amend.quote { id = "apposition-next", set = { by = "apposition" },
  join(NAMED, SPEECH) .. NEXT, join(UNKNOWN, SPEECH) .. NEXT, join(PHRASE, SPEECH) .. NEXT }
amend.quote { id = "before-next", set = { by = "next" },
  join(SUBJECT, SPEECH) .. NEXT,
  join("speaker:<_he>", ADV, SPEECH) .. NEXT,
  join(BOUND, NEW, ADV, SPEECH) .. NEXT }

-- "…," X said.  "…," said X.
amend.quote { id = "after-sv", set = { by = "after" },
  AFTER .. join(INSIDE, WHO, ADV, "cue:<_cue>"),
  AFTER .. join(INSIDE, PRE, WHO, POST, ADV, "cue:<_cue>"),
  AFTER .. join(INSIDE, NEW, POST, ADV, "cue:<_cue>"),
  join("[<quote>]", SAME, PRE, WHO, ADV, "cue:<_cue> (.|$)") }
amend.quote { id = "after-vs", set = { by = "after" },
  AFTER .. join(ADV, "cue:<_cue>", WHO, "!(<_role>|<person>|<cap>)"),
  AFTER .. join(ADV, "cue:<_cue> (<_title> .?)? speaker:" .. CAPS .. "{2,4} !<cap>"),
  AFTER .. join(ADV, "cue:<_cue>", PRE, WHO, "!(<_role>|<person>|<cap>)"),
  AFTER .. join(ADV, "cue:<_cue>", PRE, NEW, "!<cap>"),
  AFTER .. join(ADV, "cue:<_cue>", PRE, WHO) }

-- Resumed:  "…," X said. "…"   The speaker is the one of the quotation before it.
amend.quote { id = "resumed", set = { by = "resumed" },
  "speaker:<quote by=after> ... cue:<_cue> ... " .. STOP .. " [<quote>]",
  "speaker:<quote speaker> [<quote>]" }

amend.quote { id = "according", set = { by = "according" },
  join("cue:(according to)", PRE, WHO, LATER),
  join("[<quote>] ,? cue:(according to)", PRE, WHO) }

-- "…" and more, X said.
amend.quote { id = "after-far", set = { by = "after-far" },
  join("[<quote>] ... ,", PRE, WHO, ADV, SPEECH, "(.|,|;|$|in|on|to|at)"),
  join("[<quote>] ... ,", SPEECH, PRE, WHO, "(.|,|$)") }

amend.quote { id = "headline", set = { by = "headline" }, "^ <_title>? speaker:<person> cue:\\: ... [<quote>]" }

-- X said the plan was "…"
amend.quote { id = "apposition", set = { by = "apposition" },
  join(NAMED, SPEECH) .. LATER, join(UNKNOWN, SPEECH) .. LATER, join(PHRASE, "cue:<_cue>") .. LATER }
amend.quote { id = "before", set = { by = "before" },
  join(SUBJECT, SPEECH) .. LATER,
  join("speaker:<_he>", ADV, SPEECH) .. LATER,
  join(BOUND, NEW, ADV, SPEECH) .. LATER }

-- X left, saying it was "…"   X is calling it "…"   X left and said it was "…"
local DOES = join(BOUND, PRE, WHO, "!(,|'s|'|<_title>|<person>|<_role>) ...")
amend.quote { id = "participle", set = { by = "participle" },
  join(BOUND, PRE, WHO, ADV, "(is|are|was|were|been)", ADV, PARTICIPLE) .. LATER,
  join(DOES, "(,|by|before|while|and)", ADV, PARTICIPLE) .. LATER }
amend.quote { id = "and", set = { by = "and" }, join(DOES, "(,|and|but)", ADV, SPEECH) .. LATER }

amend.quote { id = "opinion", set = { by = "opinion" },
  join(SUBJECT, "cue:<_cue>") .. LATER,
  join("speaker:<_he>", ADV, "cue:<_cue>") .. LATER }
amend.quote { id = "weak", set = { by = "weak" },
  join(SUBJECT, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]"),
  join("speaker:<_he>", ADV, "cue:<_weak> (<word>|'s|'){0,5} [<quote>]") }

-- X told the paper: <paragraph> "…"
amend.quote { id = "lead-in", set = { by = "lead-in" },
  join(SUBJECT, "cue:<_cue> ... (:|,) <word>{0,2} <para> [<quote>]"),
  join(SUBJECT, "cue:<_cue> <para> [<quote>]") }

-- "…," X said. <paragraph> "…"
amend.quote { id = "next-paragraph", set = { by = "next-paragraph" },
  "speaker:<quote speaker> .? <para> [<quote>] <quote>{0,6} $",
  "speaker:<quote by=after> ... cue:<_cue> ... . <quote>{0,6} <para> [<quote>] <quote>{0,6} $" }

-- X said that things were bad. "…"
amend.quote { id = "indirect", set = { by = "indirect" },
  join(SUBJECT, "cue:<_cue class=speech> ... (.|?|!) [<quote>] ($|<cap>|<quote>)") }

-- "…" - X <end of paragraph>     X: "…"
amend.quote { id = "signed", set = { by = "signed" }, join("[<quote>]", DASH, "(speaker:<person|org>|" .. NEW .. ") $") }
amend.quote { id = "colon", set = { by = "colon" }, join(BOUND, PRE, WHO, "cue:\\: [<quote>]") }

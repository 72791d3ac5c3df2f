-- Quotations: cues, speakers that are no names, and the sieves that find who said it.

tag._cue { id = "cue", terms = each("cues", { "$name", class = "$class", pos = "$pos" }, { class = "speech|opinion" }) }
tag._weak { id = "weak", terms = each("cues", { "$name", pos = "$pos" }, { class = "weak", pos = "finite|participle" }) }

tag._he { id = "m", terms = { "he" }, set = { gender = "m" } }
tag._he { id = "f", terms = { "she" }, set = { gender = "f" } }
tag._he { id = "other", terms = { "they", "I", "we" } }

tag._source { id = "role",
  "(the|a|an|his|her|their|one|two|several|some|other|another|many|both|these)? (<word> !<_stop>){0,3} <_role>",
  "<_role>" }

quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }

local S = "speaker:<person|org|country|city|nationality|_source|_he>"

amend.quote { id = "quoted-as", "[<quote>] ,? <word>{0,5} cue:quoted " .. S .. " as saying" }
amend.quote { id = "after-sv", "[<quote>] ,? " .. S .. " cue:<_cue>" }
amend.quote { id = "after-vs", "[<quote>] ,? cue:<_cue> " .. S }
amend.quote { id = "resumed", "<quote speaker> ,? " .. S .. " cue:<_cue> (.|,) [<quote>]",
  "<quote speaker> ,? cue:<_cue> " .. S .. " (.|,) [<quote>]" }
amend.quote { id = "according", "cue:(according to) " .. S .. " ,? ... [<quote>]" }
amend.quote { id = "before-comma", S .. " ... , cue:<_cue> ... [<quote>]" }
amend.quote { id = "before", S .. " cue:<_cue> ... [<quote>]" }
amend.quote { id = "before-far", S .. " ... cue:<_cue> ... [<quote>]" }
amend.quote { id = "lead-in", S .. " cue:<_cue> ... : <para> [<quote>]" }

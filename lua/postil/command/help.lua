-- help.lua - what `postil --help` and `postil COMMAND --help` say.  The man page says it at length.

local M = {}

M.postil = [[
postil - notes in the margin of prose: who is named, and who says what

  postil [tag] [OPTIONS] [FILE...]   tag texts: marked on a terminal, else lines of JSON
  postil who FILE...                 who said what, most quoted first
  postil names FILE...               the names, how often, and where first
  postil find NAME FILE...           every mention of a name
  postil check FILE...               faults of quotation marks; --fix mends them
  postil norm --form NFC             normalise Unicode, as a filter
  postil test RULES...               run the tests in rule files
  postil why FILE:LINE:COL [LABEL]   why something is tagged there, or is not

  postil COMMAND --help              more about a command
  postil --version

No FILE, or -, is standard input.  The rules are the pack `news` unless --rules names others.
Ends with 0: fine; 1: something found (check, test), or nothing found (find, who --speaker, why);
2: trouble.
]]

local RULES = [[
  --rules FILE|PACK    rules to use, instead of the pack `news`; may be given again
  -e RULE              one more rule:  -e 'tag.ship "HMS <cap>"'; may be given again
  --sidecar            also use the rules in FILE.postil.lua beside FILE
  --from text|jsonl    what the input is; jsonl: {"id": ..., "text": ...} a line
  --date YYYY-MM-DD    the day that "yesterday" counts from
]]

local COLUMNS = [[
  --columns UNIT       what columns count: bytes (default), chars or utf16
  --color WHEN         auto (default), always or never
]]

M.tag = [[
postil [tag] [OPTIONS] [FILE...] - tag texts

  --to FORMAT          ansi    the text with its tags in colours (default on a terminal)
                       jsonl   one line of JSON a text (default elsewhere)
                       lines   FILE:LINE:COL: label: text  [attributes]
                       inline  <person>...</person> in the text
  --label L,...        only these labels
]] .. RULES .. COLUMNS

M.who = [[
postil who [OPTIONS] FILE... - who said what

  --speaker NAME       only what NAME said; ends with 1 when that is nothing
  --to jsonl           one line of JSON a speaker
]] .. RULES .. COLUMNS

M.names = [[
postil names [OPTIONS] FILE... - canonical names, labels, counts, first places

  --label L,...        only these labels
  --to jsonl           one line of JSON a name
]] .. RULES .. COLUMNS

M.find = [[
postil find [OPTIONS] NAME FILE... - every mention of a name, short forms and pronouns included

  --to jsonl           one line of JSON a mention
]] .. RULES .. COLUMNS

M.check = [[
postil check [OPTIONS] FILE... - faults of quotation marks; ends with 1 if there are any

  --fix                write the text with the safe repairs made; ends with 1 if faults are left
  --to jsonl           one line of JSON a text; with --fix {"id": ..., "text": ...}, which is also
                       what --fix makes of --from jsonl
]] .. RULES .. COLUMNS

M.norm = [[
postil norm [--form FORM] [FILE...] - normalise Unicode, as a filter

  --form FORM          NFC (default), NFD, NFKC or NFKD
]]

M.why = [[
postil why [OPTIONS] FILE:LINE:COL [LABEL] - why something is tagged there, or is not

  Tells what is tagged, by which rules and why; what lost, and to whom; which patterns came near,
  how far they got and what they wanted next.  FILE may be -.  With LABEL only what concerns that
  label, helpers (_title) too.  Ends with 1 when there is nothing to tell.

  --to jsonl           one line of JSON a thing
]] .. RULES:gsub("  %-%-from[^\n]*\n", "") .. COLUMNS

M.test = [[
postil test [OPTIONS] RULES... - run the yes, no and test lines of rule files; writes TAP

  --gold FILE          also say how near the rules come to the tags in FILE: precision, recall and
                       F1 of each label; lines as `tag --to jsonl` writes them, put right by hand,
                       with their "text", or a file beside FILE as "id"; may be given again
]]

return M

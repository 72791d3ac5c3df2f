-- help.lua - what `postil --help` and `postil COMMAND --help` say.  The man page says it at length.

local M = {}

M.postil = [[
postil - notes in the margin of prose: who is named, and who says what

  postil [tag] [OPTIONS] [FILE...]   tag texts: marked on a terminal, else lines of JSON
  postil who FILE...                 who said what, most quoted first
  postil names FILE...               the names, how often, and where first
  postil find NAME FILE...           every mention of a name
  postil check FILE...               faults of quotation marks; --fix mends them
  postil diff --rules A --rules B FILE...   what B tags otherwise than A
  postil view FILE...                texts in colours, in a pager; in a pipe as they are
  postil lesspipe FILE               for LESSOPEN: texts in colours wherever less shows one
  postil norm --form NFC             normalise Unicode, as a filter
  postil new PACK                    a pack to begin with: ./ships here, ships among your own
  postil test RULES...               run the tests in rule files
  postil trust FILE...               allow rule files beside texts to run; --list, --remove
  postil labels --rules RULES        what rules give: labels, attributes, an example of each
  postil lint RULES...               what is odd about rules, without any text
  postil stats --rules RULES FILE... what each rule finds in texts, and what it costs
  postil why FILE:LINE:COL [LABEL]   why something is tagged there, or is not
  postil serve                       texts of an editor: lines of JSON in, lines of JSON out

  postil COMMAND --help              more about a command
  postil --version

No FILE, or -, is standard input.  The rules are the pack `news` unless --rules names others.
Ends with 0: fine; 1: something found (check, diff, lint, test), or nothing found (find, why,
who --speaker); 2: trouble.
]]

local RULES = [[
  --rules FILE|PACK    rules to use, instead of the pack `news`; may be given again
  -e RULE              one more rule:  -e 'tag.ship "HMS <cap>"'; may be given again
  --sidecar            also use the rules in FILE.postil.lua beside FILE, if trusted
  --clean              no rules of yours: packs are those of this program
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
                       vimgrep FILE:LINE:COL:the line, for a quickfix list
                       ctags   a tags file of names and quotations
  --label L,...        only these labels
  --watch              write lines, then wait; whenever a text or a file of rules is saved, write
                       what differs:  FILE:LINE:COL: + label: text,  +3 -1 ~2;  Ctrl-C ends it
  --poll               with --watch: look every second (for folders on other machines)
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

  --to FORMAT          lines (default), jsonl: one line of JSON a mention; vimgrep: lines for a
                       quickfix list; ctags: a tags file
]] .. RULES .. COLUMNS

M.check = [[
postil check [OPTIONS] FILE... - faults of quotation marks; ends with 1 if there are any

  --fix                write the text with the safe repairs made; ends with 1 if faults are left
  --to jsonl           one line of JSON a text; with --fix {"id": ..., "text": ...}, which is also
                       what --fix makes of --from jsonl
]] .. RULES .. COLUMNS

M.diff = [[
postil diff --rules A --rules B [OPTIONS] FILE... - what B tags otherwise than A

  FILE:LINE:COL: + label: text   new       - gone       ~ changed: what, from -> to
  +3 -1 ~2                       how many; ends with 1 if there are any, 0 if there are none

  --rules FILE|PACK    exactly two; one of several files is a.lua,b.lua
  --label L,...        only these labels
  --to FORMAT          lines (default) or jsonl: one line of JSON a text
  --from text|jsonl    what the input is; jsonl: {"id": ..., "text": ...} a line
  --date YYYY-MM-DD    the day that "yesterday" counts from
]] .. COLUMNS

M.new = [[
postil new PACK - make a pack to begin with, which passes its own tests; prints what to type next

  postil new ./ships       the folder ./ships:  postil tag --rules ./ships ...
  postil new ./ships.lua   one file
  postil new ships         among your own packs:  postil tag --rules ships ...

Nothing that is there is written over.
]]

local VIEWED = RULES:gsub("  %-%-from[^\n]*\n", "")

M.view = [[
postil view [OPTIONS] FILE... - texts with their tags in colours and each speaker at the quotation

  Longer than the screen: in a pager, POSTIL_PAGER, else PAGER, else less.  Into a pipe or a file,
  without --color always: the texts as they are.

  --label L,...        only these labels
  --legend             a line in front that explains the colours
  --paging WHEN        auto (default), always or never
]] .. VIEWED .. [[
  --color WHEN         auto (default), always or never
]]

M.lesspipe = [[
postil lesspipe [OPTIONS] FILE - what less shows in place of a text: its tags in colours

  export LESSOPEN='|postil lesspipe %s' LESS=-R

  FILE is - in LESSOPEN='|-postil lesspipe %s', which also looks at what is piped into less.
  Nothing is written, and the status is 1, for what is no prose, larger than 1 MiB or has nothing to
  mark: less then shows the file as it is.  Keys that jump to quotations and names: plugin/less.

  --label L,...        only these labels
]] .. VIEWED .. [[
  --color WHEN         auto (default: unless NO_COLOR), always or never
]]

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
]] .. VIEWED .. COLUMNS

M.test = [[
postil test [OPTIONS] RULES... - run the yes, no and test lines of rule files; writes TAP

  --gold FILE          also say how near the rules come to the tags in FILE: precision, recall and
                       F1 of each label; lines as `tag --to jsonl` writes them, put right by hand,
                       with their "text", or a file beside FILE as "id"; may be given again
  --clean              packs are those of this program only
]]

M.trust = [[
postil trust FILE... - allow rule files that lie in a project, such as FILE.postil.lua, to run

  A file is trusted by its path and content; a change asks again.

  --show               only look: the source, every control shown, and whether it is trusted
  --list               all trusted files: trusted, changed or gone
  --remove FILE...     trust no longer; ends with 1 if a file was not trusted
]]

M.labels = [[
postil labels [OPTIONS] - the labels that rules give, each with its attributes and how they are set,
its rules, how many terms, and an example

  --rules FILE|PACK    the rules, instead of the pack `news`; may be given again
  -e RULE              one more rule; may be given again
  --all                helper labels, too: those that begin with _
  --to jsonl           one line of JSON a label
]]

M.lint = [[
postil lint [OPTIONS] RULES... - what is odd about rules; ends with 1 if anything is

  --to jsonl           one line of JSON a finding

Findings are FILE:LINE:COL: NAME: words.  A comment `-- lint: NAME` on that line, or where the
statement begins, says that it is meant so.  Names: capture-word, context, duplicate, lua, scripts,
signs, slow, unreachable, untested, unused-capture, unused-label; the man page tells of each.
]]

M.stats = [[
postil stats [OPTIONS] FILE... - what each rule finds in texts and what it costs, the slowest first;
then the rules that never matched, those that matched and never stayed, and to whom they lost

  --to jsonl           one line of JSON a rule, and one for the sum
]] .. RULES .. [[
  --color WHEN         auto (default), always or never
]]

M.serve = [[
postil serve [--clean] - answers an editor that shows texts: requests in, answers and events out,
one line of JSON each

  {"id":1,"do":"open","text":"a","content":"\u201cNo,\u201d said Ann Lee.\n"}
  {"id":2,"do":"tags","text":"a"}

  hello                          columns count byte, char or utf16
  open close quit                texts, each with a name that the editor chooses
  edit lines                     how they change
  wait                           answered when all is tagged
  tags faces                     what is tagged, all or in a span
  at next previous partner       what stands at a place, and where to go from there
  hover why                      what is said of it
  who names find quotes check    lists of places
  fix complete                   repairs; names that begin so
  rules labels reload trust       rules, and those beside the text
  term pin                       statements for words and places

  --clean              no rules of yours: packs are those of this program

PROTOCOL.md tells all of it.  Ends with 0 when its input ends or nobody reads its output.
]]

return M

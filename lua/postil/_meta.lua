---@meta postil
-- _meta.lua - types of postil for lua-language-server, for hosts and for rule files; never loaded.

-- ---- hosts: require "postil" --------------------------------------------------------------------

---Positions are bytes from 1, and the last one is inside: text:sub(tag.first, tag.last) is the tag.
---@class postil
---@field version string
---@field unicode string Unicode version of normalisation
---@field core table the binary module
local postil = {}

---A pack's name, the path of a .lua file or folder, rules as text (a newline, quote or brace
---tells), or a source.
---@alias postil.What string|postil.Source|postil.ProjectFile

---@class postil.Source
---@field source string|fun(): string?, string? the rules, or what returns them, or nil and words
---@field name? string for messages; "rules"
---@field path? string where tables and parts of packs are looked for

---A rule file that lies in a project, as FILE.postil.lua beside a text: it runs only if the user
---has trusted its path and content, and so do rule files that it uses beside itself.
---@class postil.ProjectFile
---@field path string
---@field source? string what a host is about to write there for the user, who trusts it
---@field project true

---@class postil.Error
---@field file string
---@field line? integer
---@field column? integer in bytes, of what the caret stands below; nil: the line as a whole
---@field message string
---@field text string "file:line: message"
---@field excerpt? string the line of the source and a caret below; for a pattern that a program
---made the pattern and a caret, too

---Loads one thing or several as one rule set. nil, all errors in words, and as records, when rules
---are wrong: of all statements and all files, by file and line.
---@param what postil.What|postil.What[]
---@return postil.Set? set
---@return string? message
---@return postil.Error[]? errors
function postil.load(what) end

---Whether packs are only those that came with postil, without POSTIL_PATH and the user's folder.
---@type boolean?
postil.clean = nil

---The rule files of projects that the user has trusted.
---@return postil.Trust
function postil.trust() end

---@class postil.Trust
local Trust = {}
---Whether these bytes of this file may run.
---@param path string
---@param source string
---@return "trusted"|"changed"|"unknown"|nil state
---@return string path without links; words if there is no state
function Trust:state(path, source) end
---Why they may not, in words that say what to do; nil: they may.
---@param path string
---@param source string
---@return string? words
function Trust:refusal(path, source) end
---The user has read these bytes and wants them to run.
---@param path string
---@param source string
---@return string? path without links
---@return string? words
function Trust:add(path, source) end
---@param path string
---@return string|false|nil path that was trusted; false: it was not; nil: words
---@return string? words
function Trust:remove(path) end
---@return { path: string, sha256: string }[]? files by path
---@return string? words
function Trust:list() end

---A normalised text and the map between the two; nil, message when memory runs out or it is no
---UTF-8 text.
---@param text string
---@param form? "NFC"|"NFD"|"NFKC"|"NFKD"
---@return string? normalised
---@return postil.Map|string map
function postil.normalize(text, form) end

---Reads a file below lua/ ("postil/rules/news.lua"): source and path, or nil. A host that carries
---these files in itself puts its own function here.
---@param name string
---@return string? source
---@return string? path
function postil.loader(name) end

---The folder of compiled tables; nil: $XDG_CACHE_HOME/postil/terms, or that below ~/.cache; false:
---none is kept.
---@type string|false|nil
postil.cache = nil

---The folder ("" or with a / at its end) in which rules that are no file find tables, before the
---shipped ones; nil: nowhere.
---@type string?
postil.tables = nil

---Called before a table of 256 kB or more is read, which takes about a second for a million terms
---the first time. A host that times what it does puts its own function here.
---@param path string
---@param bytes integer
function postil.large_table(path, bytes) end

---@class postil.Map
local Map = {}
---The smallest span of the original that covers this span of the normalised text.
---@param first integer
---@param last integer
---@return integer first
---@return integer last
function Map:back(first, last) end
---The smallest span of the normalised text that covers this span of the original.
---@param first integer
---@param last integer
---@return integer first
---@return integer last
function Map:forth(first, last) end
function Map:close() end

---@class postil.Options
---@field date? string "YYYY-MM-DD" that relative dates count from
---@field by_line? boolean a newline ends a paragraph; false: blank lines; nil: the text decides
---@field edits? boolean it will be edited (if not said, the first edit tags all anew)
---@field lf? boolean places: a line ends at a line feed only, as editors have it; else at CR, too

---@class postil.Rule
---@field name string
---@field label string
---@field verb string
---@field file string
---@field line? integer
---@field why? string
---@field off? boolean dropped by `off`
---@field converters? table<string, string> attributes that functions of p make: "p.date"

---@class postil.Failure
---@field file string? of the test, or of the rule that remembers; nil for gold that was handed over
---@field line integer?
---@field column integer? of a yes or no, or of what is wrong in a `test`
---@field name string "tag.person yes 1", or what `test` called it
---@field message string what is wrong, all of it
---@field problems string[] the same in pieces
---@field missing { label: string, first: integer, last: integer, text: string }[]
---@field why string? of the first that is missing
---@field text string? of the test, as it stands in the rule file
---@field notes string[]? spans that gold has and the rules lack, or the other way round

---@class postil.Result
---@field name string
---@field file string?
---@field line integer?
---@field ok boolean
---@field failure postil.Failure?
---@field rows postil.Row[]? of gold

---Exact spans of a label, or of the links of label.attribute.
---@class postil.Row
---@field name string
---@field tp integer
---@field fp integer
---@field fn integer
---@field precision number
---@field recall number
---@field f1 number

---@class postil.Gold
---@field name string for messages
---@field source string lines of JSON
---@field read? fun(id: string): string?, string? the text that a line names

---A compiled rule set; nothing changes in it.
---@class postil.Set
---@field rules postil.Rule[]
---@field notes string[] what is worth telling: rows of tables that were skipped
---@field packs { name: string?, version: string?, locale: string? }[]
local Set = {}
---@param text string
---@param options? postil.Options
---@return postil.Doc? doc
---@return string? message
function Set:tag(text, options) end
---A document without tags, for doc:run(bytes).
---@param text string
---@param options? postil.Options
---@return postil.Doc? doc
---@return string? message
function Set:open(text, options) end
---All labels by the numbers that doc:spans has, helpers too.
---@return string[]
function Set:labels() end
---Runs the tests in the rule files: what failed, how many tests there are, and all of them.
---@param options? { gold: postil.Gold[]? }
---@return postil.Failure[] failures
---@return integer count
---@return postil.Result[] results
function Set:test(options) end
---Loads the same again from the files as they are now: the set itself when nothing has changed, a
---new set whose own tests pass, or nil and what is wrong; then the old set goes on.
---@return postil.Set? set
---@return string? message
---@return table[]? errors of loading, or failures of tests
function Set:reload() end
---Paths of the user's files that it was loaded from, tables too, and of those that a reload that
---failed has read: what to watch.
---@return string[]
function Set:files() end
---How an attribute comes about: as a capture, constant, template, map or function of set, with a
---term, or from the core itself; a converter is called by its name, "p.date".
---@alias postil.How "capture"|"constant"|"template"|"map"|"function"|"term"|"core"|string

---@class postil.Label
---@field label string
---@field helper boolean whether it begins with _
---@field terms integer
---@field term? string the first of them
---@field example? string the first yes of a rule
---@field attributes { name: string, how: postil.How[] }[]
---@field rules postil.LabelRule[]

---@class postil.LabelRule: postil.Rule
---@field patterns integer
---@field terms integer

---What the set has, by label; helpers last.
---@return postil.Label[]
function Set:describe() end

---@class postil.Finding
---@field name string "slow", "unreachable", ...; postil.1 lists them
---@field file string
---@field line integer
---@field column integer in bytes
---@field message string
---@field rule? string

---What is odd about the rules, by place.
---@return postil.Finding[]
function Set:lint() end

---Counts what rules find in documents that are opened from now on.
function Set:count() end

---@class postil.Stat
---@field found integer matches; amend: on tags that the rule is for
---@field kept integer tags that stay; amend: tags amended; veto: candidates struck
---@field context integer found, and refused by after, inside ...
---@field vetoed integer
---@field refused integer by a function
---@field merged integer into a stronger tag of the same label and place
---@field beaten integer by a stronger tag
---@field limits integer paragraphs where it took too many steps
---@field steps integer
---@field seconds number

---@class postil.RuleStat: postil.Stat
---@field name string
---@field verb string
---@field label string
---@field file string
---@field line? integer
---@field off boolean
---@field counted boolean false: its words are looked up in place and never become tags
---@field patterns postil.Stat[]
---@field lost { by: integer, times: integer }[] numbers of rules, most often first

---What was counted, by number of the rule, and the seconds that all counted documents took.
---@return postil.RuleStat[] rules
---@return number seconds
function Set:stats() end

function Set:close() end

---@class postil.Doc
local Doc = {}
---Tags on for about so many bytes (all of it without): true when finished, false when there is
---more, nil and a message.
---@param bytes? integer
---@return boolean? done
---@return string? message
---@return integer? rule the number of the one that was at work when memory ran out
function Doc:run(bytes) end
---Puts text in place of the bytes first to last (last = first - 1: of none) and tags on, for about
---so many bytes of work (all of it without). The stretches that are no longer what they were, and
---whether all is done: if not, doc:run and doc:changes. Tags handed out before are gone.
---@param first integer
---@param last integer
---@param text string
---@param bytes? integer
---@return { first: integer, last: integer }[]? changes
---@return boolean|string done or a message
function Doc:edit(first, last, text, bytes) end
---The same without tagging on.
---@param first integer
---@param last integer
---@param text string
---@return true? ok
---@return string? message
function Doc:splice(first, last, text) end
---The stretches that edits have changed since it was last asked. names: what tags outside of all of
---them are called, or their speakers, may be other words than before.
---@return { first: integer, last: integer }[]|{ names: true? }
function Doc:changes() end
---The next of them, or nothing.
---@return integer? first
---@return integer? last
---@return boolean? names
function Doc:changed() end
---Iterates over tags by first place, longer ones first. Labels may be joined: "person|org".
---@param label? string
---@param first? integer
---@param last? integer
---@return fun(): postil.Tag?
function Doc:each(label, first, last) end
---The same as a list.
---@param label? string
---@param first? integer
---@param last? integer
---@return postil.Tag[]
function Doc:tags(label, first, last) end
---The same as first, last, label number, first, last, ...
---@param label? string
---@param first? integer
---@param last? integer
---@return integer[]
function Doc:spans(label, first, last) end
---Attributes by name.
---@param tag postil.Tag
---@return { name: string, value: postil.Value }[]
function Doc:attrs(tag) end
---Those that lie in or overlap the bytes first to last, or all.
---@param first? integer
---@param last? integer
---@return postil.Fault[]
function Doc:faults(first, last) end
---What is named, by first place; quotations have no names.
---@param label? string
---@return { name: string, label: string, count: integer, first: integer, last: integer }[]
function Doc:names(label) end
---Line and columns from 1.
---@param position integer
---@return integer line
---@return integer bytes
---@return integer chars
---@return integer utf16
function Doc:place(position) end
---The position of a line and column.
---@param line integer
---@param column integer
---@param unit? "bytes"|"chars"|"utf16"
---@return integer position
function Doc:offset(line, column, unit) end
---What stands at a position and why, what lost there, what came near; tostring(list) says it in
---words. Of one label, or of all but helpers; the words count columns in a unit. nil, message when
---no rule has the label or the document is not done.
---@param position integer
---@param label? string
---@param unit? "bytes"|"chars"|"utf16"
---@return postil.Why[]? entries what stands there, what lost (shortest first), what came near
---@return string? message
function Doc:why(position, label, unit) end
---The text, or bytes of it, without putting all of an edited text together.
---@param first? integer
---@param last? integer
---@return string
function Doc:text(first, last) end
---Its date, by_line, edits and lf, as it was opened.
---@return postil.Options
function Doc:options() end
---Tags the text anew under another set, in place, with the same options, to its end. Tags handed
---out before are gone. nil, message and the line of a function that failed: the document is as
---it was.
---@param set postil.Set
---@return postil.Difference? difference
---@return string? message
---@return string? excerpt
function Doc:use(set) end
---Takes text, tags and set of another document, which is closed then.
---@param other postil.Doc
function Doc:adopt(other) end
function Doc:close() end

---@class postil.Place
---@field first integer
---@field last integer
---@field name? string what it is called, if that is known

---@alias postil.Value string|number|boolean|postil.Place

---Attributes are fields as well. It is good until its document changes or is closed.
---@class postil.Tag
---@field first integer
---@field last integer
---@field label string
---@field rule string? "person/titled", "my.lua:12"; nil for what no rule made
---@field text string
---@field name string canonical name
---@field depth integer of quotations
---@field id string
---@field parts { first: integer, last: integer }[] of a quotation over several paragraphs
---@field speaker postil.Place?
---@field cue postil.Place?
---@field [string] postil.Value?

---How the tags of a text differ; lists by place.
---@class postil.Difference
---@field new postil.Copy[]
---@field gone postil.Copy[]
---@field changed postil.Changed[]

---What is left of a tag when its document is gone.
---@class postil.Copy
---@field first integer
---@field last integer
---@field label string
---@field text string
---@field name string canonical name
---@field attributes { name: string, value: postil.Value }[]

---@class postil.Changed: postil.Copy
---@field changes { attribute: string, from: postil.Value?, to: postil.Value? }[] by attribute
---@field was { first: integer, last: integer, text: string }? if its span changed

---A rule and what it found.
---@class postil.Who
---@field label? string
---@field rule? string its name
---@field verb? string
---@field file? string
---@field line? integer of the pattern, else of the statement
---@field column? integer of the pattern
---@field n? integer number of the statement in its file
---@field number? integer of the rule among those of the set
---@field pattern? integer of the rule; nil: a term, or not known
---@field first integer
---@field last integer
---@field text string

---@alias postil.WhyKind
---| "tag" | "merged" | "amended" | "speaker" | "cost" | "fault" | "around"
---| "hidden" | "vetoed" | "beaten" | "refused" | "limit" | "near"

---@class postil.Why: postil.Who
---@field kind postil.WhyKind
---@field how? string why it lost, role of a mark, name of a fault, where a speaker comes from
---@field by? postil.Who who decided; an alias's antecedent; the speaker
---@field match? { first: integer, last: integer, text: string } amended, around: the whole match
---@field at? integer near: where the pattern stopped
---@field at_line? integer
---@field at_column? integer
---@field next? string near: the words that stand there
---@field wanted? string near: what it wanted, as the author wrote it; refused: the option's words
---@field cost? integer of a mark's role, in tenths
---@field margin? integer how much more the best reading costs in which it has another

---@class postil.Fault
---@field first integer
---@field last integer
---@field fault string "missing-close"
---@field words string
---@field repair? string what to put there
---@field safe boolean may be repaired without asking

-- ---- Neovim: require "postil.nvim" --------------------------------------------------------------

---@class postil.Nvim
local nvim = {}
---The same as vim.g.postil = options, merged; not needed. `:help postil-options` has them.
---@param options? table
function nvim.setup(options) end
---Tags a buffer from now on, by these rules or the usual ones.
---@param number integer of the buffer; 0: this one
---@param rules? postil.What|postil.What[]
---@return postil.NvimState? state
---@return string? message
function nvim.on(number, rules) end
---@param number integer
---@return boolean whether it was on
function nvim.off(number) end
---@param number? integer
---@return postil.NvimState?
function nvim.of(number) end

---@class postil.NvimState
---@field number integer of the buffer
---@field text table see lua/postil/editor/buffer.lua; text.doc is a postil.Doc
---@field options table

-- ---- vis: require "postil.vis" ------------------------------------------------------------------

---@class postil.VisOptions
---@field labels string[] that are shown; none named: all
---@field rules? postil.What|postil.What[] instead of the usual ones
---@field date? string
---@field max_size integer bytes of a file
---@field step number milliseconds of work before a window is drawn
---@field patience number the same for a command

---@class postil.Vis
---@field options postil.VisOptions
---@field styles table<string, string> by label or kind, as themes of vis have them
local vis = {}
---Tags the file of a window from now on; what stands in the way is said.
---@param win table
---@param rules? postil.What|postil.What[]
---@return boolean
function vis.on(win, rules) end
---@param win table
---@return boolean whether it was on
function vis.off(win) end
---An action for vis:map, of a label; "name": all that names, nil: anything.
---@param kind "inner"|"around"
---@param label? string
---@return table action
function vis.object(kind, label) end
---@param kind "next"|"previous"
---@param label? string
---@return table action
function vis.motion(kind, label) end

-- ---- rule files ---------------------------------------------------------------------------------

---What functions in rules get; good for the call only.
---@class postil.Match
---@field text string
---@field paragraph string
---@field date string?
---@field [string] string|number|boolean|nil captures and attributes
local Match = {}
---@param name string
---@return postil.Place?
function Match:link(name) end

---@alias postil.Plain string|number|boolean
---@alias postil.Mapping { from: string, map: table<string, postil.Plain> }
---@alias postil.Setting postil.Plain|postil.Mapping|fun(m: postil.Match): postil.Plain?
---@alias postil.Term string|{ [1]: string, [string]: string|number|boolean }

---@class postil.Statement what every verb knows
---@field [integer] string patterns
---@field id? string names the rule: "person/titled"
---@field after? string
---@field before? string
---@field not_after? string
---@field not_before? string
---@field inside? string labels
---@field outside? string labels
---@field keep? fun(m: postil.Match): boolean?
---@field set? table<string, postil.Setting>
---@field is? postil.Setting canonical name
---@field prio? integer
---@field nest? boolean
---@field case? "letter"|"exact"|"fold"
---@field why? string
---@field yes? string|string[] texts with the spans in [ ]; [span | attribute=value, unset=]
---@field no? string|string[] texts without such a tag; amend: where nothing is amended

---@class postil.TermStatement : postil.Statement
---@field terms? string|postil.Term[]
---@field file? string a .tsv, .csv or .jsonl file; its columns are attributes
---@field bad? "refuse"|"skip" rows of a table that are none: errors (as without it), or left out

---@class postil.AmendStatement : postil.Statement
---@field overwrite? boolean also sets what is set

---@class postil.AliasStatement : postil.Statement
---@field same? string capture that must equal the antecedent's attribute

---@class postil.BlockStatement : postil.Statement
---@field lines? integer lines it takes
---@field at? "first line"|"last line"

---@class postil.TermVerb
---@field [string] fun(statement: string|postil.TermStatement)
---@class postil.AmendVerb
---@field [string] fun(statement: string|postil.AmendStatement)
---@class postil.AliasVerb
---@field [string] fun(statement: string|postil.AliasStatement)
---@class postil.BlockVerb
---@field [string] fun(statement: string|postil.BlockStatement)

---@type postil.TermVerb
tag = {}
---@type postil.TermVerb
veto = {}
---@type postil.AmendVerb
amend = {}
---@type postil.AliasVerb
alias = {}
---@type postil.TermVerb
pin = {}
---@type postil.BlockVerb
block = {}

---@param options { locale: string?, cue: string?, pronoun: string?, conversation: boolean? }
function quotes(options) end
---@param label string|string[]
function ignore(label) end
---@class postil.Pack
---@field name? string
---@field version? string
---@field locale? string
---@field postil? integer language level
---@field about? string
---@field license? string

---@param about postil.Pack
function pack(about) end
---Reads another file of rules, once. A pack is looked for in POSTIL_PATH, the user's configuration
---folder, among the shipped ones and beside this file; a part of a pack first beside this file. A
---pack that uses its own name means the one that it hides.
---@param name string pack, or "pack/part"
function use(name) end
---Drops the rules of this name: those stated so far, and those that other files state later. What
---this file states later takes their place.
---@param name string "person/titled"
function off(name) end
---Spans, or { span, attribute = value }; with gold also "9/10".
---@alias postil.Wanted string|(string|table)[]

---@class postil.Case
---@field text? string
---@field file? string beside the rule file, in place of text
---@field date? string of the text
---@field gold? string a file of gold beside the rule file
---@field f1? table<string, number> by label, or label.attribute: the least that will do
---@field tags? table<string, postil.Wanted> labels that are called like one of these fields
---@field [string] postil.Wanted by label

---@param name string
---@return fun(case: postil.Case)
function test(name) end
---The rows of a .tsv, .csv or .jsonl file by column, as texts; empty cells and "-" are nil.
---@param name string
---@return table<string, string>[]
function read(name) end
---Terms from rows, or (faster) from the name of a table: { "$name", is = "$full_name" }.
---@param rows string|table<string, string>[]
---@param recipe table<integer|string, string>
---@param where? table<string, string> columns and the values wanted: { rank = "1|2" }
---@return postil.Term[]
function each(rows, recipe, where) end

p = {}
---@param text string
---@return string
function p.esc(text) end
---What the converters take: m, a table of captures with text and date, or a text.
---@alias postil.Captures postil.Match|string|table<string, string|number>

-- Converters are quick in set = { iso = p.date }: no Lua runs.  What is not plain has no value.

---The dates that a text says, as ISO 8601 and EDTF write them: "2024-03-14", "2024-03", "2024",
---"2024-W11", "2024-03-03/2024-03-05", "2024-33" (a quarter), "2024-22" (summer), "199X", "18XX".
---Words like yesterday count from the document's date, or the second argument. A capture `way`
---(last, next, this) is a word before the text.
---@param m postil.Captures
---@param date? string "YYYY-MM-DD"
---@return string?
function p.date(m, date) end
---A date of the captures month (a name, three letters of it or more, or digits), year, day or day2;
---without a year the month nearest to the document's date, without month and year the weekday wd up
---to that date (way, or the text, says "next": after it), today, yesterday or tomorrow.
---@param m postil.Captures
---@return string?
function p.iso(m) end
---The time of day, or two of them, that a text says: "T15:30", "T15:30Z", "T15:00/T17:00".
---@param m postil.Captures
---@return string?
function p.time(m) end
---The number that a text begins with, in figures or words: "1,200", "3.5 million", "twenty-one",
---"half a million", "two-thirds", "2½", "21st". Of m the captures amount, or number, times mult
---(million, bn, k, crore ...), else the text.
---@param m postil.Captures?
---@return number?
function p.number(m) end
---The same where the decimal mark is a comma: "1.200,5".
---@param m postil.Captures
---@return number?
function p.comma_number(m) end
---The first number of a text, of m the captures number, or amount, times mult. Blanks group digits:
---"1 200" is 1200.
---@param m postil.Captures
---@return number?
function p.amount(m) end
---The same in whole units of the currency: "50 cents" is 0.5. The capture cur, or currency, names
---it.
---@param m postil.Captures
---@return number?
function p.money(m) end
---The ISO 4217 code of the currency that the capture cur, or currency, or the text names.
---@param m postil.Captures
---@return string?
function p.currency(m) end
---The number of a quantity; "5 m" is 5. Of m the captures number, or amount, times mult.
---@param m postil.Captures
---@return number?
function p.quantity(m) end
---The symbol of the unit that the capture unit, or noun, or the text names: "km", "km/h", "m2",
---"%", "pp" (percentage points).
---@param m postil.Captures
---@return string?
function p.unit(m) end
---The quantity in the SI unit of its kind, and that unit.
---@param m postil.Captures
---@return number?
function p.si(m) end
---@param m postil.Captures
---@return string?
function p.si_unit(m) end
---The other end of a range in the text: "$3-5 million" is 5000000.
---@param m postil.Captures
---@return number?
function p.upper(m) end
p.utf8 = {}
---@param text string
---@return integer
function p.utf8.len(text) end
---@param text string
---@param first integer
---@param last? integer
---@return string
function p.utf8.sub(text, first, last) end
---@param text string
---@return string[]
function p.utf8.chars(text) end
---@param ... integer
---@return string
function p.utf8.char(...) end
---@param text string
---@return integer?
function p.utf8.codepoint(text) end

return postil

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
---@alias postil.What string|postil.Source

---@class postil.Source
---@field source string the rules
---@field name? string for messages; "rules"
---@field path? string where tables and parts of packs are looked for

---@class postil.Error
---@field file string
---@field line? integer
---@field column? integer in bytes
---@field message string
---@field text string "file:line: message"
---@field excerpt? string the line of the source and a caret below

---Loads one thing or several as one rule set. nil, all errors in words, and as records, when rules
---are wrong.
---@param what postil.What|postil.What[]
---@return postil.Set? set
---@return string? message
---@return postil.Error[]? errors
function postil.load(what) end

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

---@class postil.Rule
---@field name string
---@field label string
---@field verb string
---@field file string
---@field line? integer
---@field why? string

---A compiled rule set; nothing changes in it.
---@class postil.Set
---@field rules postil.Rule[]
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
---Runs the tests in the rule files.
---@return { file: string, line: integer?, message: string, text: string }[] failures
---@return integer count of tests
function Set:test() end
function Set:close() end

---@class postil.Doc
local Doc = {}
---Tags on for about so many bytes (all of it without): true when finished, false when there is
---more, nil and a message.
---@param bytes? integer
---@return boolean? done
---@return string? message
function Doc:run(bytes) end
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
---@return postil.Fault[]
function Doc:faults() end
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
---@return string
function Doc:text() end
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
---@field how? string why it lost; the role of a mark; a fault's name; where a speaker comes from
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

---@class postil.Statement
---@field [integer] string patterns
---@field id? string names the rule: "person/titled"
---@field terms? string|postil.Term[]
---@field file? string a .tsv file; its columns are attributes
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
---@field lines? integer block: lines it takes
---@field at? "first line"|"last line" block
---@field same? string alias: capture that must equal the antecedent's attribute
---@field overwrite? boolean amend
---@field why? string
---@field yes? string|string[] texts with the spans in [ ]
---@field no? string|string[] texts without such a tag

---@class postil.Verb
---@field [string] fun(statement: string|postil.Statement)

---@type postil.Verb
tag = {}
---@type postil.Verb
veto = {}
---@type postil.Verb
amend = {}
---@type postil.Verb
alias = {}
---@type postil.Verb
pin = {}
---@type postil.Verb
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
---@param name string pack, or "pack/part"
function use(name) end
---@param name string "person/titled"
function off(name) end
---@param name string
---@return fun(case: { text: string, date: string?, [string]: string|table })
function test(name) end
---The rows of a .tsv file by column; empty cells and "-" are nil.
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
---For set = { iso = p.iso }: "2026-05-04", "2026-05" or "2026" from the captures month (a name,
---three letters of it or more, or digits), year, day or day2; without a year the month nearest to
---the date of the document, without month and year the weekday wd: the last one up to that date, or
---the next one after it where the text says "next".  Nil where they do not tell, or name no such
---day.  As p.number and p.amount it takes a table, too, and is quick in set: no Lua runs.
---@param m postil.Match|table<string, string|number>
---@return string?
function p.iso(m) end
p.date = p.iso
---The number at the beginning of a text: "1,200" is 1200, "3.5 million" 3500000, "twelve" 12; of m
---the captures amount, or number, or the whole text, and mult: hundred, thousand, m, million, bn,
---billion, trillion.
---@param text string|postil.Match|table<string, string|number>
---@return number?
function p.number(text) end
---The number of the captures number, or amount, and mult, which is as in p.number or k, lakh,
---crore, mn, mil, mln, b, bil, bln, tn.  Blanks do not count: "1 200" is 1200.
---@param m postil.Match|table<string, string|number>
---@return number?
function p.amount(m) end
p.money = p.amount
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

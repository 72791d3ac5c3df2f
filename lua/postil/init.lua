-- init.lua - the Lua face of postil.
--
--   local postil = require "postil"
--   local set, message = postil.load "news"     -- or "my.lua", { "news", "my.lua" }, rules as text
--   local doc = set:tag(text, { date = "2026-05-04" })
--   for tag in doc:each "person" do print(tag.first, tag.last, tag.name) end
--
-- Finds the binary module for the Lua that runs, finds rule files and hands them to a rule set.
-- All types are in _meta.lua.

local HERE = (debug.getinfo(1, "S").source:match("^@(.*)init%.lua$") or ""):gsub("\\", "/")
local LUA = HERE:gsub("postil/$", "") -- the directory that holds postil/
if HERE == "postil/" then LUA = "./" end

-- The module that was built beside this file, for this Lua; else the one that require finds.
-- LUA_CPATH, if somebody set it, comes first.
local function find_core()
  local loaded = package.loaded["postil.core"]
  if loaded or package.preload["postil.core"] or HERE == "" then
    return loaded or require "postil.core"
  end
  local abi = rawget(_G, "jit") and "5.1" or _VERSION:match "%d+%.%d+"
  if os.getenv "LUA_CPATH" or os.getenv("LUA_CPATH_" .. abi:gsub("%.", "_")) then
    local ok, core = pcall(require, "postil.core")
    if ok then return core end
  end
  local path = LUA .. "../build/" .. abi .. "/postil/core.so"
  local open = package.loadlib and package.loadlib(path, "luaopen_postil_core")
  if not open then return require "postil.core" end
  local core = open "postil.core"
  package.loaded["postil.core"] = core
  return core
end

local core = find_core()

local postil = {
  version = core.version,
  unicode = core.unicode,
  core = core,
}

-- postil.trust(): which rule files of projects the user allows to run; see trust.lua.
function postil.trust()
  return require "postil.trust".open(core.files, os.getenv)
end

-- postil.loader(name): source and path of a file below lua/, as "postil/rules/news.lua"; nil if
-- there is none.  A host that carries these files in itself puts its own function here.
function postil.loader(name)
  local path = LUA .. name
  return core.files.read(path), path
end

-- postil.cache: the folder of compiled tables; nil: $XDG_CACHE_HOME/postil/terms or that below
-- ~/.cache, false: none.

-- postil.tables: the folder ("" or with a / at its end) where rules that are no file find tables
-- beside the shipped ones; nil: nowhere.

-- postil.large_table(path, bytes): called before a large table is read, which takes a while the
-- first time: about a second for a million terms.
function postil.large_table() end

-- An error that ended the whole load ("news.lua:3: too much work") as a record.
local function record(text, name)
  local file, line, words = text:match "^(.-):(%d+): (.*)$"
  if not file then return { file = name, message = text } end
  return { file = file, line = tonumber(line), message = words }
end

local sources = require "postil.sources".of(postil)

local Set = {}
Set.__index = Set

-- The source of a file that messages name.
local function source_of(file, texts, cache)
  local source = texts[file]
  for _, known in pairs(cache) do
    if not source and known and known.path == file then source = known.source end
  end
  return source and source:gsub("^\239\187\191", "")
end

-- A trusted source that runs in a private state.
local function trusted(name)
  local source, path = postil.loader("postil/" .. name)
  if not source then error("postil: " .. tostring(path or name) .. " is missing", 0) end
  return source
end

-- Loads one of a list into a rule set; nil, and a record of what went wrong, if it cannot be read
-- or its load was ended.
local function load_one(rules, what, fetch, texts, cache, ...)
  local source, name, origin = sources.resolve(what, cache)
  if not source then
    local file = type(what) == "table" and (what.name or what.path) or what
    local words = name:gsub("%c", "?")
    return nil, { file = file, message = words, text_only = words }
  end
  texts[name] = source
  local ok, message = rules:call(fetch, "load", source, name, origin, ...)
  if ok or rules:call(fetch, "broken", message, name) then return true end
  return nil, record(message, name)
end

-- What ended the load of a file may have been told with its line, too, before memory was gone: then
-- without one it is told no more.
local function drop_placeless(list)
  local placed, kept = {}, {}
  for _, e in ipairs(list) do
    if e.line then placed[e.file .. "\0" .. e.message] = true end
  end
  for _, e in ipairs(list) do
    if e.line or not placed[tostring(e.file) .. "\0" .. e.message] then kept[#kept + 1] = e end
  end
  return kept
end

-- Loads sources into an empty rule set; see postil.load.  What cannot be loaded does not keep the
-- others from being checked.  positions, helpers: as in env.lua, load.
local function fill(rules, list, cache, positions, helpers)
  local fetch, texts, lost = sources.fetcher(cache), {}, {}
  for _, what in ipairs(list) do
    local ok, e = load_one(rules, what, fetch, texts, cache, positions, helpers)
    if not ok then lost[#lost + 1] = e end
  end
  local ok, found = rules:call(fetch, "finish", #lost > 0)
  if not ok then
    if #lost == 0 then lost[1] = record(found, "rules") end
    found = { errors = {} }
  end
  for _, e in ipairs(found.errors) do lost[#lost + 1] = e end
  if #lost > 0 then
    lost = drop_placeless(lost)
    return require "postil.report"(lost, function(file) return source_of(file, texts, cache) end)
  end
  return setmetatable({ core = rules, packs = found.packs, rules = found.rules, list = list,
    notes = found.notes, cache = cache, sources = texts }, Set)
end

-- What a private state begins with, in this order; see env.lua.
local PARTS = { "env_errors.lua", "env_options.lua", "env_terms.lua", "env_tables.lua",
  "env_statements.lua", "characters.lua", "env_safe.lua", "env.lua" }

local function parts()
  local list = {}
  for i, name in ipairs(PARTS) do list[i] = trusted(name) end
  return list
end

-- A new rule set of sources.  What is not used must not wait for the collector: it holds memory
-- that the host's Lua does not see.
local function build(list, cache, positions, helpers)
  local rules = core.rules(parts())
  local set, message, errors = fill(rules, list, cache, positions, helpers)
  if not set then rules:close() end
  return set, message, errors
end

-- postil.load(what): a rule set, or nil, message, list of { file=, line=, column=, message=,
-- excerpt=, text= }, all that is wrong in the order of the files.
-- `what` is the name of a pack, the path of a .lua file or of a folder, rules as text (a newline,
-- quote or brace tells), { source=, name= }, { path=, project=true } for a rule file that lies in a
-- project and runs only if the user has trusted it, or a list of these, which makes one rule set in
-- that order.  A source may be a function that returns the text, or nil and words: set:reload asks
-- it again.
function postil.load(what)
  local list = {}
  if type(what) ~= "table" or what.source ~= nil or what.project then what = { what } end
  for i, one in ipairs(what) do list[i] = one end
  if #list == 0 then error("postil.load: nothing to load", 2) end
  return build(list, {}, true)
end

-- postil.normalize(text, form): the text in "NFC", "NFD", "NFKC" or "NFKD", and a map with back and
-- forth.
postil.normalize = core.normalize

-- The rule set of each document that is alive.
local set_of = setmetatable({}, { __mode = "k" })

-- Raises, at the call of a method, unless an argument is of a type.
local function want(method, name, value, wanted, level)
  if type(value) == wanted then return end
  error(("%s: %s must be a %s, not %s"):format(method, name, wanted, type(value)), level or 3)
end

local function open_document(set, method, text, options)
  want(method, "text", text, "string", 4)
  if options ~= nil then
    want(method, "options", options, "table", 4)
    if options.date ~= nil then want(method, "date", options.date, "string", 4) end
  end
  local doc, message = set.core:open(text, options)
  if doc then set_of[doc] = set end
  return doc, message
end

-- set:open(text, options): a document without tags, for doc:run(bytes) in steps.
function Set:open(text, options)
  local doc, message = open_document(self, "set:open", text, options)
  return doc, message -- no tail call: errors are told at the caller's line
end

-- set:tag(text, { date = "YYYY-MM-DD", by_line = true, edits = true }): a tagged document, or nil,
-- message and, if a rule was at work that has a line, that line as an excerpt.
function Set:tag(text, options)
  local doc, message = open_document(self, "set:tag", text, options)
  if not doc then return nil, message end
  local done, why, number = doc:run()
  if done == nil then return nil, self:failure(why, number) end
  return doc
end

-- set:failure(why, number): what doc:run told when it failed, with the place of the rule that was
-- at work, if one was that has a line, and that line as an excerpt.
function Set:failure(why, number)
  local rule = number and self.rules[number]
  if rule and rule.line then why = ("%s:%d: %s"):format(rule.file, rule.line, why) end
  local e = record(why, "rules")
  local source = e.line and source_of(e.file, self.sources, self.cache)
  return why, source and require "postil.excerpt".of(source, e.line, e.message) or nil
end

-- set:labels(): all labels by number, helpers too; doc:spans() has these numbers.
function Set:labels()
  return self.core:labels()
end

-- set:describe(): what the set has, by label: { label=, helper=, terms=, term=, example=,
-- attributes = { { name=, how = { "capture", ... } } }, rules = { { name=, verb=, file=, line=,
-- patterns=, terms= } } }.
function Set:describe()
  local tests = self:tests()
  return require "postil.describe"(self.core:labels(), self.core:describe(), self.rules, tests)
end

-- set:lint(): what is odd about the rules, by place: { name=, file=, line=, column=, rule=,
-- message= }; postil.1 names what there is.
function Set:lint()
  local files = {}
  for _, known in pairs(self.cache) do
    if known then
      files[known.path] = { source = known.source, is_table = not known.path:find "%.lua$" }
    end
  end
  for name, source in pairs(self.sources) do files[name] = { source = source } end
  local counts = {}
  for i, rule in ipairs(self.core:describe()) do counts[i] = rule.patterns end
  return require "postil.lint"(self.rules, self.core:lint(), counts, files, function(list)
    local places, words = self:places(list)
    if not places then error(words, 3) end
    return places
  end)
end

-- Gives what env.lua told with the way to its place a line and a column.
local function fill_places(set, list)
  require "postil.place".fill(list, function(file)
    return source_of(file, set.sources, set.cache)
  end)
  return list
end

-- set:places(list): where rules stand, see env.lua; nil, words if the set is closed.
function Set:places(list)
  local fetch = sources.fetcher(self.cache)
  local ran, ok, places = pcall(self.core.call, self.core, fetch, "places", list)
  if not ran or not ok then return nil, ran and places or ok end
  return fill_places(self, places)
end

-- set:count(): documents that are opened from now on are counted.
function Set:count()
  self.core:count()
end

-- set:stats(): what rules found, by number: { name=, verb=, label=, file=, line=, off=, counted=,
-- found=, kept=, context=, vetoed=, refused=, merged=, beaten=, limits=, steps=, seconds=,
-- patterns=, lost = { { by = number, times= }, ... } }, who lost most to first; and the seconds of
-- all runs together.
function Set:stats()
  local list, seconds = self.core:stats()
  local known = self.core:describe()
  for i, stat in ipairs(list) do
    local rule = self.rules[i]
    stat.off = known[i].off
    stat.name, stat.verb, stat.label = rule.name, rule.verb, rule.label
    stat.file, stat.line = rule.file, rule.line
    table.sort(stat.lost, function(a, b)
      if a.times ~= b.times then return a.times > b.times end
      return a.by < b.by
    end)
  end
  return list, seconds
end

-- set:tests(): the tests of the rule files, and the numbers of the rules that have functions; for
-- test.lua, as are set:beside, a text that a test names, and set:twin, the same rules to be tested.
function Set:tests()
  local fetch = sources.fetcher(self.cache)
  assert(self.core:call(fetch, "extend", trusted "env_tests.lua", "env_tests.lua"))
  local ok, tests, functions = self.core:call(fetch, "tests")
  if not ok then error(tests, 0) end
  return fill_places(self, tests), functions
end

Set.beside = function(_, name, origin) return sources.beside(name, origin) end

function Set:twin(positions)
  return build(self.list, self.cache, positions, true)
end

-- set:test(options): runs the rules' own tests: the failures, how many tests there are, all tests.
function Set:test(options)
  return require "postil.test".run(self, options)
end

-- set:reload(): the same list loaded from the files as they are now; see live.lua.
function Set:reload()
  return require "postil.live".reload(self, build, sources.open)
end

-- set:files(): paths of the files outside of postil that it was loaded from.
function Set:files()
  return require "postil.live".files(self)
end

-- set:close(): releases the rules now, or when the last document of this set goes.
function Set:close()
  self.core:close()
end

-- doc:use(set): the document tagged anew under another set; returns the difference.  See live.lua.
function core.methods.doc:use(set)
  local difference, message, excerpt = require "postil.live".use(self, set)
  if difference then set_of[self] = set end
  return difference, message, excerpt
end

-- doc:edit(first, last, text[, bytes]): puts text in place of the bytes first to last (last = first
-- - 1: of none) and tags on, for about so many bytes of work (all of it without).  A list of the
-- stretches { first=, last= } that are no longer what they were, and whether all is done (if not:
-- doc:run, then doc:changes); or nil, message.
function core.methods.doc:edit(first, last, text, bytes)
  local fine, ok, message = pcall(self.splice, self, first, last, text)
  if not fine then error((ok:gsub("^doc:splice", "doc:edit")), 2) end
  if not ok then return nil, message end
  local done, why = self:run(bytes)
  if done == nil then return nil, why end
  return self:changes(), done
end

-- doc:changes(): the stretches that edits have changed since it was last asked; with names = true
-- where names that tags elsewhere show may be others.
function core.methods.doc:changes()
  local list = {}
  for first, last, names in function() return self:changed() end do
    list[#list + 1] = { first = first, last = last }
    list.names = list.names or names or nil
  end
  return list
end

-- doc:why(position[, label[, unit]]): a list of what stands there and why, what lost, what came
-- near; or nil, message.  Its words, tostring(list), count columns in "bytes", "chars" or "utf16".
local explain = core.methods.doc.why
function core.methods.doc:why(position, label, unit)
  want("doc:why", "position", position, "number")
  if label ~= nil then want("doc:why", "label", label, "string") end
  local list, message = explain(self, position, label)
  if not list then return nil, message end
  return require "postil.why".of(set_of[self], self, list, unit)
end

-- doc:names([label]): { name=, label=, count=, first=, last= } of what is named in the text, by
-- first place.  Quotations have no names.
function core.methods.doc:names(label)
  if label ~= nil then want("doc:names", "label", label, "string") end
  local list, known = {}, {}
  for tag in self:each(label) do
    if tag.label ~= "quote" then
      local key = tag.label .. "\0" .. tag.name
      local entry = known[key]
      if entry then
        entry.count = entry.count + 1
      else
        entry = { name = tag.name, label = tag.label, count = 1, first = tag.first,
          last = tag.last }
        known[key] = entry
        list[#list + 1] = entry
      end
    end
  end
  return list
end

return postil

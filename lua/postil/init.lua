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

---A regular file as a string, or nil, message.
local function slurp(path)
  local text, why = core.files.read(path)
  if not text then return nil, path .. ": " .. why end
  return text
end

-- postil.trust(): which rule files of projects the user allows to run; see trust.lua.
function postil.trust()
  return require "postil.trust".open(core.files, os.getenv)
end

-- postil.loader(name): source and path of a file below lua/, as "postil/rules/news.lua"; nil if
-- there is none.  A host that carries these files in itself puts its own function here.
function postil.loader(name)
  local path = LUA .. name
  return slurp(path), path
end

-- postil.cache: the folder of compiled tables; nil: $XDG_CACHE_HOME/postil/terms or that below
-- ~/.cache, false: none.

-- postil.large_table(path, bytes): called before a large table is read, which takes a while the
-- first time: about a second for a million terms.
function postil.large_table() end

-- Where a file came from is its origin: a path, or "@" and a name for postil.loader.
local function open(origin)
  if origin:sub(1, 1) == "@" then
    local source, path = postil.loader(origin:sub(2))
    return source, path or origin:sub(2)
  end
  return slurp(origin), origin
end

-- The first of some origins that can be read: source, path, origin.  The cache has of each origin
-- what was there, or false; so a set can tell whether it would be another today.
local function first_of(origins, cache)
  for _, origin in ipairs(origins) do
    local known = cache[origin]
    if known == nil then
      local source, path = open(origin)
      known = source and { source = source, path = path } or false
      cache[origin] = known
    end
    if known then return known.source, known.path, origin end
  end
end

-- Whether a file of a project may run: an entry of the cache, the very bytes.  nil, words: it may
-- not.
local function admit(entry, path)
  entry.project = true
  local words = not entry.admitted and postil.trust():refusal(path, entry.source)
  entry.admitted = not words
  return entry.admitted or nil, words
end

-- Directories that hold packs, first one first; with postil.clean only what came with postil.
local function pack_folders()
  local folders = {}
  if postil.clean then return { "@postil/rules" } end
  for folder in (os.getenv "POSTIL_PATH" or ""):gmatch "[^:]+" do
    folders[#folders + 1] = folder == "/" and "" or folder:gsub("/+$", "")
  end
  local config = os.getenv "XDG_CONFIG_HOME"
  local home = os.getenv "HOME"
  if not config or config == "" then config = home and home .. "/.config" end
  if config then folders[#folders + 1] = config .. "/postil/rules" end
  folders[#folders + 1] = "@postil/rules"
  return folders
end

-- A pack that uses its own name means the one that it hides: what comes behind it.
local function behind(from, origins)
  local first, rest = 1, {}
  for i = 1, #origins - 1 do
    if origins[i] == from then first = i + 1 end
  end
  for i = first, #origins do
    if origins[i] ~= from then rest[#rest + 1] = origins[i] end
  end
  return rest
end

-- Packs that come with postil, to be guessed.
local SHIPPED = { "news" }

-- The pack that may have been meant, and where it was looked for, in words.
local function looked(name, folders, beside)
  local guess = core.nearest(name, SHIPPED)
  local places = {}
  for i = 1, #folders - 1 do places[i] = folders[i] .. "/" end
  if beside ~= "" then places[#places + 1] = beside end
  places[#places + 1] = "postil itself"
  return ("%s; looked for %s.lua and %s/init.lua in %s"):format(
    guess and " (did you mean '" .. guess .. "'?)" or "", name, name, table.concat(places, ", "))
end

-- A part of a pack ("news/person") is first looked for beside the file that uses it, a pack last.
-- What lies beside a file of a project belongs to the project.
local function find_pack(name, from, cache)
  local origins, near, folders = {}, {}, pack_folders()
  local beside = from:match "^.*/" or ""
  local function look_beside(file)
    origins[#origins + 1] = beside .. file .. ".lua"
    near[beside .. file .. ".lua"] = true
  end
  if name:find "/" then
    look_beside(name)
    local own = beside:match "([^/]+)/$" -- the folder of a pack that is one
    if own and name:sub(1, #own + 1) == own .. "/" then look_beside(name:sub(#own + 2)) end
  end
  for _, folder in ipairs(folders) do
    origins[#origins + 1] = folder .. "/" .. name .. ".lua"
    origins[#origins + 1] = folder .. "/" .. name .. "/init.lua"
  end
  if from ~= "" then look_beside(name) end
  local others = behind(from, origins)
  local source, path, origin = first_of(others, cache)
  if not source then
    return nil, (#others < #origins and "this file is the pack '%s', and there is no other%s"
      or "there is no pack '%s'%s"):format(name, looked(name, folders, beside))
  end
  if near[origin] and cache[from] and cache[from].project then
    local ok, words = admit(cache[origin], path)
    if not ok then return nil, path .. ": " .. words end
  end
  return source, path, origin
end

-- Where a table that a rule file reads may be: beside it, in the folder of its name, or among the
-- shipped ones; under its name, or with the ends that tables have.
local function table_origins(name, from)
  local ends = { ".tsv", ".csv", ".jsonl" }
  for _, known in ipairs(ends) do
    if name:sub(-#known) == known then ends = { "" } end
  end
  local origins = {}
  local folder, base = from:match "^(.*/)([^/]*)$"
  if not folder then folder, base = "", from end
  local folders = from ~= "" and { folder, folder .. base:gsub("%.lua$", "") .. "/" } or {}
  folders[#folders + 1] = "@postil/rules/"
  for _, place in ipairs(folders) do
    for _, tail in ipairs(ends) do origins[#origins + 1] = place .. name .. tail end
  end
  return origins, ends[1]
end

local function find_table(name, from, cache)
  local origins, tail = table_origins(name, from)
  local source, path, origin = first_of(origins, cache)
  if source then return source, path, origin end
  return nil, "there is no table " .. name .. tail .. " beside this file or among the shipped ones"
end

-- The size of a file that is too large to be handed over, or nil.
local function large(origin)
  local file = origin:sub(1, 1) ~= "@" and io.open(origin, "rb")
  if not file then return nil end
  local size = file:read(1) and file:seek "end"
  file:close()
  return size and size >= core.large_table and size or nil
end

-- The folder of compiled tables, or nil.
local function cache_folder()
  if postil.cache ~= nil then return postil.cache or nil end
  local cache, home = os.getenv "XDG_CACHE_HOME", os.getenv "HOME"
  if not cache or cache:sub(1, 1) ~= "/" then cache = home and home ~= "" and home .. "/.cache" end
  return cache and cache .. "/postil/terms" or nil
end

-- A large table has only its stamp in the cache, under a key that asks for it again.
local function remember_stamp(path, cache)
  local function stamp() return core.files.stamp(path) end
  cache[{ source = stamp, path = path }] = { source = stamp(), path = path }
end

-- A table whose terms are wanted: its bytes, or the size of a large file, which the binding reads;
-- its path and where it may be kept when it is compiled.
local function find_terms(name, from, cache)
  for _, origin in ipairs(table_origins(name, from)) do
    local size = not cache[origin] and large(origin)
    if size then
      postil.large_table(origin, size)
      remember_stamp(origin, cache)
      return size, origin, cache_folder()
    end
    local source, path = first_of({ origin }, cache)
    if source then
      return source, path, #source >= core.large_table and cache_folder() or nil
    end
  end
  return find_table(name, from, cache)
end

-- A text that a test of a rule file names: beside that file or below its folder, nowhere else.
local function find_text(name, from)
  if from == "" then return nil, name .. ": rules that are no file have no files beside them" end
  local inside = not name:find "^/" and not ("/" .. name .. "/"):find("/../", 1, true)
  if name == "" or name:find "[%c\\]" or not inside then
    return nil, ("%q: tests read files beside their rule file, or below it, only"):format(name)
  end
  local origin = (from:match "^.*/" or "") .. name
  if origin:sub(1, 1) ~= "@" then return slurp(origin) end
  local source = open(origin)
  return source, not source and name .. ": there is no such file" or nil
end

-- What rule files may ask of the host while they are loaded; everything else is out of their reach.
local function fetcher(cache)
  return function(kind, name, from)
    if kind == "pack" then return find_pack(name, from, cache) end
    if kind == "table" then return find_table(name, from, cache) end
    if kind == "terms" then return find_terms(name, from, cache) end
    return nil, "rule files cannot read this"
  end
end

-- A rule file that lies in a project: its path must be trusted.
local function resolve_project(path, cache)
  if type(path) ~= "string" then
    error("postil.load: { project = true, path = \"...\" } is wanted", 0)
  end
  local source = first_of({ path }, cache)
  if not source then return nil, select(2, slurp(path)) or path .. ": cannot be read" end
  local ok, words = admit(cache[path], path)
  if not ok then return nil, path .. ": " .. words end
  return source, path, path
end

-- The text of { source = a text or a function that returns it, or nil and words }.
local function text_of(what, cache)
  if type(what.source) == "function" and not cache[what] then
    local source, message = what.source()
    if not source then return nil, message end
    cache[what] = { source = source, path = what.path or "" }
  end
  local source = cache[what] and cache[what].source or what.source
  if type(source) ~= "string" then error("postil.load: { source = \"...\" } is wanted", 0) end
  return source
end

-- One of the things that postil.load takes, as source, name for messages, origin.
local function resolve(what, cache)
  if type(what) == "table" and what.project then
    return resolve_project(what.path, cache)
  elseif type(what) == "table" then
    local source, message = text_of(what, cache)
    if not source then return nil, (what.name or "rules") .. ": " .. tostring(message) end
    return source, what.name or "rules", what.path or ""
  elseif type(what) ~= "string" then
    error("postil.load: a name, a path, rules as text or a list of these is wanted, not " ..
      type(what), 0)
  elseif what:find "[\n\"{']" then
    return what, "rules", ""
  elseif what:find "%.lua$" then
    local source, path, origin = first_of({ what }, cache)
    if not source then return nil, select(2, slurp(what)) or what .. ": cannot be read" end
    return source, path, origin
  elseif what:find "/" then
    local folder = what:gsub("/+$", "")
    local source, path, origin = first_of({ folder .. "/init.lua",
      folder .. "/" .. folder:match "[^/]*$" .. ".lua", folder .. ".lua" }, cache)
    if not source and what:find "^[%w_][%w_%-/]*$" then -- "news/person"
      source, path, origin = find_pack(what, "", cache)
    end
    if source then return source, path, origin end
    return nil, what .. ": no init.lua is there, and no pack has such a part"
  end
  return find_pack(what, "", cache)
end

-- An error that ended the whole load ("news.lua:3: too much work") as a record.
local function record(text, name)
  local file, line, words = text:match "^(.-):(%d+): (.*)$"
  if not file then return { file = name, message = text } end
  return { file = file, line = tonumber(line), message = words }
end

local Set = {}
Set.__index = Set

-- The source of a file that messages name.
local function source_of(file, sources, cache)
  local source = sources[file]
  for _, known in pairs(cache) do
    if not source and known and known.path == file then source = known.source end
  end
  return source and source:gsub("^\239\187\191", "")
end

-- Trusted sources that a private state begins with.
local function trusted(name)
  local source, path = postil.loader("postil/" .. name)
  if not source then error("postil: " .. tostring(path or name) .. " is missing", 0) end
  return source
end

-- Loads one of a list into a rule set; nil, and a record of what went wrong, if it cannot be read
-- or its load was ended.
local function load_one(rules, what, fetch, sources, cache, ...)
  local source, name, origin = resolve(what, cache)
  if not source then
    local file = type(what) == "table" and (what.name or what.path) or what
    local words = name:gsub("%c", "?")
    return nil, { file = file, message = words, text_only = words }
  end
  sources[name] = source
  local ok, message = rules:call(fetch, "load", source, name, origin, ...)
  if ok or rules:call(fetch, "broken", message, name) then return true end
  return nil, record(message, name)
end

-- Loads sources into an empty rule set; see postil.load.  What cannot be loaded does not keep the
-- others from being checked.  positions, helpers: as in env.lua, load.
local function fill(rules, list, cache, positions, helpers)
  local fetch, sources, lost = fetcher(cache), {}, {}
  assert(rules:call(fetch, "library", trusted "characters.lua", "characters.lua"))
  for _, what in ipairs(list) do
    local ok, e = load_one(rules, what, fetch, sources, cache, positions, helpers)
    if not ok then lost[#lost + 1] = e end
  end
  local ok, found = rules:call(fetch, "finish", #lost > 0)
  if not ok then
    if #lost == 0 then lost[1] = record(found, "rules") end
    found = { errors = {} }
  end
  for _, e in ipairs(found.errors) do lost[#lost + 1] = e end
  if #lost > 0 then
    return require "postil.report"(lost, function(file) return source_of(file, sources, cache) end)
  end
  return setmetatable({ core = rules, packs = found.packs, rules = found.rules, list = list,
    notes = found.notes, cache = cache, sources = sources }, Set)
end

-- A new rule set of sources.  What is not used must not wait for the collector: it holds memory
-- that the host's Lua does not see.
local function build(list, cache, positions, helpers)
  local rules = core.rules(trusted "env.lua")
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

-- set:open(text, options): a document without tags, for doc:run(bytes) in steps.
function Set:open(text, options)
  local doc, message = self.core:open(text, options)
  if doc then set_of[doc] = self end
  return doc, message
end

-- set:tag(text, { date = "YYYY-MM-DD", by_line = true }): a tagged document, or nil, message and,
-- if a function of a rule failed, its line as an excerpt.
function Set:tag(text, options)
  local doc, message = self:open(text, options)
  if not doc then return nil, message end
  local done, why = doc:run()
  if done == nil then
    local e = record(why, "rules")
    local source = e.line and source_of(e.file, self.sources, self.cache)
    return nil, why, source and require "postil.excerpt".of(source, e.line, e.message) or nil
  end
  return doc
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
    files[known.path] = { source = known.source, is_table = not known.path:find "%.lua$" }
  end
  for name, source in pairs(self.sources) do files[name] = { source = source } end
  return require "postil.lint"(self.rules, self.core:lint(), files, function(list)
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
  local ran, ok, places = pcall(self.core.call, self.core, fetcher(self.cache), "places", list)
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
  local fetch = fetcher(self.cache)
  assert(self.core:call(fetch, "extend", trusted "env_tests.lua", "env_tests.lua"))
  local ok, tests, functions = self.core:call(fetch, "tests")
  if not ok then error(tests, 0) end
  return fill_places(self, tests), functions
end

Set.beside = function(_, name, origin) return find_text(name, origin) end

function Set:twin(positions)
  return build(self.list, self.cache, positions, true)
end

-- set:test(options): runs the rules' own tests: the failures, how many tests there are, all tests.
function Set:test(options)
  return require "postil.test".run(self, options)
end

-- set:reload(): the same list loaded from the files as they are now; see live.lua.
function Set:reload()
  return require "postil.live".reload(self, build, open)
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

-- doc:why(position[, label[, unit]]): a list of what stands there and why, what lost, what came
-- near; or nil, message.  Its words, tostring(list), count columns in "bytes", "chars" or "utf16".
local explain = core.methods.doc.why
function core.methods.doc:why(position, label, unit)
  local list, message = explain(self, position, label)
  if not list then return nil, message end
  return require "postil.why".of(set_of[self], self, list, unit)
end

-- doc:names([label]): { name=, label=, count=, first=, last= } of what is named in the text, by
-- first place.  Quotations have no names.
function core.methods.doc:names(label)
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

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

---A file as a string, or nil, message.
local function slurp(path)
  local file, message = io.open(path, "rb")
  if not file then return nil, message end
  local text, why = file:read "*a"
  file:close()
  if not text then return nil, path .. ": " .. (why or "cannot be read") end
  return text
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

-- The first of some origins that can be read: source, path, origin.
local function first_of(origins, cache)
  for _, origin in ipairs(origins) do
    local known = cache[origin]
    if known then return known.source, known.path, origin end
    local source, path = open(origin)
    if source then
      cache[origin] = { source = source, path = path }
      return source, path, origin
    end
  end
end

-- Directories that hold packs, first one first.
local function pack_folders()
  local folders = {}
  for folder in (os.getenv "POSTIL_PATH" or ""):gmatch "[^:]+" do folders[#folders + 1] = folder end
  local config = os.getenv "XDG_CONFIG_HOME"
  local home = os.getenv "HOME"
  if not config or config == "" then config = home and home .. "/.config" end
  if config then folders[#folders + 1] = config .. "/postil/rules" end
  folders[#folders + 1] = "@postil/rules"
  return folders
end

-- A part of a pack ("news/person") is first looked for beside the file that uses it, a pack last.
local function find_pack(name, from, cache)
  local origins = {}
  local beside = from:match "^.*/" or ""
  if name:find "/" then
    origins[1] = beside .. name .. ".lua"
    local own = beside:match "([^/]+)/$" -- the folder of a pack that is one
    if own and name:sub(1, #own + 1) == own .. "/" then
      origins[2] = beside .. name:sub(#own + 2) .. ".lua"
    end
  end
  for _, folder in ipairs(pack_folders()) do
    origins[#origins + 1] = folder .. "/" .. name .. ".lua"
    origins[#origins + 1] = folder .. "/" .. name .. "/init.lua"
  end
  if from ~= "" then origins[#origins + 1] = beside .. name .. ".lua" end
  local source, path, origin = first_of(origins, cache)
  if source then return source, path, origin end
  return nil, "there is no pack '" .. name .. "'"
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

-- A table whose terms are wanted: its bytes, or the size of a large file, which the binding reads;
-- its path and where it may be kept when it is compiled.
local function find_terms(name, from, cache)
  for _, origin in ipairs(table_origins(name, from)) do
    local size = not cache[origin] and large(origin)
    if size then
      postil.large_table(origin, size)
      return size, origin, cache_folder()
    end
    local source, path = first_of({ origin }, cache)
    if source then
      return source, path, #source >= core.large_table and cache_folder() or nil
    end
  end
  return find_table(name, from, cache)
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

-- One of the things that postil.load takes, as source, name for messages, origin.
local function resolve(what, cache)
  if type(what) == "table" then
    if type(what.source) ~= "string" then
      error("postil.load: { source = \"...\" } is wanted", 0)
    end
    return what.source, what.name or "rules", what.path or ""
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
    if not source then return nil, what .. ": no init.lua is there" end
    return source, path, origin
  end
  return find_pack(what, "", cache)
end

local function words_of(errors)
  local lines = {}
  for _, e in ipairs(errors) do
    lines[#lines + 1] = e.text
    if e.excerpt then lines[#lines + 1] = e.excerpt end
  end
  return table.concat(lines, "\n")
end

local function failure(errors)
  for _, e in ipairs(errors) do
    e.text = e.text or (e.file and e.file .. ": " or "") .. e.message
  end
  return nil, words_of(errors), errors
end

-- An error that ended the whole load ("news.lua:3: too much work") as a record.
local function record(text, name)
  local file, line, words = text:match "^(.-):(%d+): (.*)$"
  if not file then return { file = name, message = text, text = name .. ": " .. text } end
  return { file = file, line = tonumber(line), message = words, text = text }
end

-- Gives the record of an error that names a line but no column the line as an excerpt; the message
-- stays as it is.  sources: by the names that messages have for files.
local function add_excerpt(e, sources, cache)
  if e.excerpt or not e.line then return end
  local source = sources[e.file]
  for _, known in pairs(cache) do
    if not source and known.path == e.file then source = known.source end
  end
  if source then e.excerpt = require "postil.excerpt".of(source, e.line, e.message) end
end

local function failure_with_lines(errors, sources, cache)
  local _, words = failure(errors)
  for _, e in ipairs(errors) do add_excerpt(e, sources, cache) end
  return nil, words, errors
end

local Set = {}
Set.__index = Set

-- Trusted sources that a private state begins with.
local function trusted(name)
  local source, path = postil.loader("postil/" .. name)
  if not source then error("postil: " .. tostring(path or name) .. " is missing", 0) end
  return source
end

-- Loads sources into a new rule set; see postil.load.
local function build(list, cache, positions)
  local rules = core.rules(trusted "env.lua")
  local fetch, sources = fetcher(cache), {}
  assert(rules:call(fetch, "library", trusted "characters.lua", "characters.lua"))
  for _, what in ipairs(list) do
    local source, name, origin = resolve(what, cache)
    if not source then return failure { { file = tostring(what), message = name, text = name } } end
    local ok, message = rules:call(fetch, "load", source, name, origin, positions)
    sources[name] = source
    if not ok then return failure_with_lines({ record(message, name) }, sources, cache) end
  end
  local ok, found = rules:call(fetch, "finish")
  if not ok then return failure { record(found, "rules") } end
  found.errors.n = nil
  if #found.errors > 0 then return failure_with_lines(found.errors, sources, cache) end
  return setmetatable({ core = rules, packs = found.packs, rules = found.rules, list = list,
    notes = found.notes, cache = cache, sources = sources }, Set)
end

-- postil.load(what): a rule set, or nil, message, list of { file=, line=, column=, message= }.
-- `what` is the name of a pack, the path of a .lua file or of a folder, rules as text (a newline,
-- quote or brace tells), { source=, name= }, or a list of these, which makes one rule set in that
-- order.
function postil.load(what)
  local list = type(what) == "table" and what.source == nil and what or { what }
  if #list == 0 then error("postil.load: nothing to load", 2) end
  return build(list, {}, true)
end

-- postil.normalize(text, form): the text in "NFC", "NFD", "NFKC" or "NFKD", and a map with back and
-- forth.
postil.normalize = core.normalize

-- set:open(text, options): a document without tags, for doc:run(bytes) in steps.
function Set:open(text, options)
  return self.core:open(text, options)
end

-- set:tag(text, { date = "YYYY-MM-DD", by_line = true }): a tagged document, or nil, message and,
-- if a function of a rule failed, its line as an excerpt.
function Set:tag(text, options)
  local doc, message = self.core:open(text, options)
  if not doc then return nil, message end
  local done, why = doc:run()
  if done == nil then
    local e = record(why, "rules")
    add_excerpt(e, self.sources, self.cache)
    return nil, why, e.excerpt
  end
  return doc
end

-- set:labels(): all labels by number, helpers too; doc:spans() has these numbers.
function Set:labels()
  return self.core:labels()
end

-- set:test(): the failures of the rules' own tests, and how many tests there are.
function Set:test()
  local ok, tests = self.core:call(fetcher(self.cache), "tests")
  if not ok then error(tests, 2) end
  return require "postil.test"(tests, function() return build(self.list, self.cache, false) end)
end

-- set:close(): releases the rules now, or when the last document of this set goes.
function Set:close()
  self.core:close()
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

-- sources.lua - where rule files, packs, tables and the texts of tests are found, and how they are
-- read.
--
--   local sources = require "postil.sources".of(postil)
--   sources.resolve(what, cache)  source, name for messages, origin; or nil, words
--   sources.fetcher(cache)        what rule files may ask of the host while they are loaded
--   sources.beside(name, from)    a text that a test of the rule file at `from` names
--   sources.open(origin)          source and path of one file
--
-- A cache has by origin what was read of a file, or false where there is none, so that a rule set
-- can be tested and loaded again from the same bytes.

-- The module postil: core, and what a program may change: loader, trust, clean, cache, tables,
-- large_table.
local host
local core

---A regular file as a string, or nil, message.
local function slurp(path)
  local text, why = core.files.read(path)
  if not text then return nil, path .. ": " .. why end
  return text
end

-- Where a file came from is its origin: a path, or "@" and a name for postil.loader.
local function open(origin)
  if origin:sub(1, 1) == "@" then
    local source, path = host.loader(origin:sub(2))
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
  local words = not entry.admitted and host.trust():refusal(path, entry.source)
  entry.admitted = not words
  return entry.admitted or nil, words
end

-- Directories that hold packs, first one first; with host.clean only what came with postil.
local function pack_folders()
  local folders = {}
  if host.clean then return { "@postil/rules" } end
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
  if name:find "/" and from ~= "" then
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
-- shipped ones; under its name, or with the ends that tables have.  For rules that are no file
-- host.tables is the folder beside them, of tables alone: packs are rules, and these are not looked
-- for there.
local function table_origins(name, from)
  local ends = { ".tsv", ".csv", ".jsonl" }
  for _, known in ipairs(ends) do
    if name:sub(-#known) == known then ends = { "" } end
  end
  local origins = {}
  local folder, base = from:match "^(.*/)([^/]*)$"
  if not folder then folder, base = "", from end
  local folders = from ~= "" and { folder, folder .. base:gsub("%.lua$", "") .. "/" }
    or { host.tables }
  folders[#folders + 1] = "@postil/rules/"
  for _, place in ipairs(folders) do
    for _, tail in ipairs(ends) do origins[#origins + 1] = place .. name .. tail end
  end
  return origins, table.concat(ends, ", ")
end

local function find_table(name, from, cache)
  local origins, tails = table_origins(name, from)
  local source, path, origin = first_of(origins, cache)
  if source then return source, path, origin end
  local sought = tails ~= "" and " (" .. tails .. ")" or ""
  local near = from ~= "" and "beside this file or among"
    or host.tables and "in this folder or among" or "among"
  return nil, "there is no table " .. name .. sought .. " " .. near .. " the shipped ones"
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
  if host.cache ~= nil then return host.cache or nil end
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
      host.large_table(origin, size)
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

-- A rule file that lies in a project: its path must be trusted.  A host that writes it for the user
-- gives the bytes that will stand there, which are his own.
local function resolve_project(what, cache)
  local path = what.path
  if type(path) ~= "string" then
    error("postil.load: { project = true, path = \"...\" } is wanted", 0)
  end
  if what.source then cache[path] = { source = what.source, path = path, admitted = true } end
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
    return resolve_project(what, cache)
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

local M = { resolve = resolve, fetcher = fetcher, beside = find_text, open = open }

function M.of(postil)
  host, core = postil, postil.core
  return M
end

return M

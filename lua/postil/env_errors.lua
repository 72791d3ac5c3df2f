-- env_errors.lua - what is wrong with rule files: words, and the way to the place.
--
-- The first part of what a private state begins with; see env.lua.

local core, _, env = ...

local error, insert, match, min, sub, gsub, tonumber, tostring, type =
  error, table.insert, string.match, math.min, string.sub, string.gsub, tonumber, tostring, type

-- What loading collects, for the host.
local result = { errors = {}, packs = {}, rules = {}, notes = {} }
local files = {} -- { name=, origin=, source=, broken= }

env.result, env.files = result, files
env.missing = false -- something that was to define labels is not there
env.loaded = false  -- texts are tagged: what is said now is an error

-- ---- words for people ---------------------------------------------------------------------------

local function did_you_mean(word, candidates)
  local near = core.nearest(tostring(word), core.keys(candidates))
  return near and " (did you mean '" .. near .. "'?)" or ""
end

local function a(kind)
  return kind == "nil" and kind or (match(kind, "^[aeiou]") and "an " or "a ") .. kind
end

-- ---- errors with the way to their place ---------------------------------------------------------

local WORDS_MAX = 4096 -- bytes of a message
local PATH_MAX = 12 -- steps of a way
local ERRORS_MAX = 100

local function full()
  return #result.errors >= ERRORS_MAX
end

-- A pattern that is shown must travel; so long ones are no string of the source.
local function short(text)
  return type(text) == "string" and #text <= 65536 and text or nil
end

-- Collects an error.  at: { line=, call=, path=, at=, text=, key= } as place.lua wants them; last:
-- it is the last of its file, and told however many there are.
local function complain(file, at, words)
  if env.loaded then error(file.name .. ":" .. (at.line or 0) .. ": " .. words, 0) end
  if full() and not at.last then return end
  local cut = #words > WORDS_MAX
  words = gsub(sub(words, 1, WORDS_MAX), "[%z\1-\31\127]", "?")
  if cut then words = gsub(words, "[\192-\255]?[\128-\191]*$", "") end
  insert(result.errors, { file = file.name, message = words, line = at.line, call = at.call,
    path = at.path, at = at.at, text = short(at.text), key = at.key })
end

-- Where the file is, "…/rules/news.lua" or shortened by Lua, and what went wrong there.
local function split_message(file, message)
  if type(message) ~= "string" then message = "error object is " .. a(type(message)) end
  local short_name, line, words = match(message, "^(.-):(%d+): (.*)$")
  if not short_name or short_name == "postil.env" then
    local last, near = core.place()
    return last == file.name and near or nil, words or message
  end
  local tail = match(short_name, "^%.%.%.(.*)$")
  if short_name == file.name or tail and sub(file.name, -#tail) == tail then
    return tonumber(line), words
  end
  return nil, message
end

-- Something is wrong with a statement { file=, call=, line=, head= }.  where: the name of an option
-- (that name is the place), or a way { "set", "is" } to a value (key: to its name) in the argument
-- of the call (argument: in that one); nil: the place is what is called.  text: the string at that
-- place, `at` an offset in it.
local function trouble(s, words, where, text, at)
  local path
  if type(where) == "table" then
    path = { where.argument or 1 }
    for i = 1, min(#where, PATH_MAX) do path[i + 1] = where[i] end
  elseif where then
    path = { 1, where }
  end
  complain(s.file, { line = s.line, call = s.line and s.call, path = path, at = at, text = text,
    key = type(where) ~= "table" or where.key }, s.head .. words)
  s.bad = true
end

-- Rules are made while a file is loaded, not by the functions in it later.
local function need_loading(what, name, line)
  if not env.loaded then return end
  error((name and name .. ":" .. line .. ": " or "") .. what ..
    ": rules cannot be made while a text is tagged", 0)
end

-- The statement in which the function that asks was called by a rule file.
local function statement(call)
  local name, line = core.where(3)
  need_loading(call, name, line)
  for i = #files, 1, -1 do
    if files[i].name == name then
      return { file = files[i], call = call, line = line, head = call .. ": " }
    end
  end
  return { file = files[#files], call = call, head = call .. ": " }
end

env.did_you_mean, env.a, env.short = did_you_mean, a, short
env.full, env.complain, env.trouble, env.split_message = full, complain, trouble, split_message
env.need_loading, env.statement, env.WORDS_MAX = need_loading, statement, WORDS_MAX

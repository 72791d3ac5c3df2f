-- env_safe.lua - what rule files have of Lua itself: functions that are bounded, repeat to the byte
-- and are the same in every Lua.
--
-- A part of what a private state begins with; see env.lua.  Those before it keep the functions of
-- string that it replaces.

local core, _, env = ...

local a = env.a
local assert, error, getmetatable, next, pairs, pcall, rawequal, rawget, rawset, select,
  setmetatable, tonumber, tostring, type =
  assert, error, getmetatable, next, pairs, pcall, rawequal, rawget, rawset, select,
  setmetatable, tonumber, tostring, type
local unpack = unpack or table.unpack
local byte, find, format, gsub, match, rep, sub =
  string.byte, string.find, string.format, string.gsub, string.match, string.rep, string.sub
local concat, insert, remove, sort = table.concat, table.insert, table.remove, table.sort
local floor = math.floor

local TEXT_MAX = 1048576  -- bytes that string.rep and table.concat make
local LIST_MAX = 1000000  -- elements that a function of table takes

local function safe_tostring(value)
  local kind = type(value)
  -- Whole numbers have no ".0", in no Lua.
  if kind == "number" then
    return value == floor(value) and format("%.14g", value) or tostring(value)
  end
  if kind ~= "table" and kind ~= "function" and kind ~= "userdata" and kind ~= "thread" then
    return tostring(value)
  end
  local meta = kind == "table" and getmetatable(value)
  if meta and type(meta) == "table" and rawget(meta, "__tostring") then
    local text = meta.__tostring(value)
    if type(text) ~= "string" then error("'__tostring' must return a string", 2) end
    return text
  end
  return kind -- not its address: a result must not depend on it
end

-- Counted, for near the end of its stack LuaJIT calls no hook: errors that are caught there again
-- and again would never end.
local function safe_pcall(f, ...)
  core.spend(20)
  return pcall(f, ...)
end

-- The handler runs after the error, not inside it: there Lua has its hooks switched off.
local function safe_xpcall(f, handler, ...)
  local function after(ok, ...)
    if ok then return true, ... end
    return false, handler((...))
  end
  return after(safe_pcall(f, ...))
end

local FORBIDDEN = { __gc = 1, __close = 1, __len = 1, __mode = 1, __metatable = 1, __pairs = 1,
  __name = 1 }

-- The metatable is copied: what is added to it later has no effect.
local function safe_setmetatable(object, meta)
  if type(object) ~= "table" then error("setmetatable: a table is wanted", 2) end
  if meta == nil then return setmetatable(object, nil) end
  if type(meta) ~= "table" then error("setmetatable: a table or nil is wanted", 2) end
  local copy = {}
  for key, value in next, meta do
    if FORBIDDEN[key] then error("setmetatable: " .. key .. " is not allowed in a rule file", 2) end
    copy[key] = value
  end
  return setmetatable(object, copy)
end

local function safe_pairs(t)
  if type(t) ~= "table" then error("pairs: a table is wanted, not " .. a(type(t)), 2) end
  local keys, i = core.keys(t), 0
  return function()
    while true do
      i = i + 1
      local key = keys[i]
      if key == nil then return nil end
      local value = rawget(t, key)
      if value ~= nil then return key, value end
    end
  end, t, nil
end

local function safe_next(t, key)
  if type(t) ~= "table" then error("next: a table is wanted, not " .. a(type(t)), 2) end
  if next(t) == nil then return nil end
  local keys = core.keys(t)
  if key == nil then return keys[1], rawget(t, keys[1]) end
  for i = 1, #keys - 1 do
    if keys[i] == key then return keys[i + 1], rawget(t, keys[i + 1]) end
  end
  return nil
end

local function safe_ipairs(t)
  if type(t) ~= "table" then error("ipairs: a table is wanted, not " .. a(type(t)), 2) end
  return function(list, i)
    local value = list[i + 1]
    if value ~= nil then return i + 1, value end
  end, t, 0
end

local function safe_rep(text, n, separator)
  text, separator = tostring(text), separator or ""
  if type(n) ~= "number" then error("string.rep: a number is wanted", 2) end
  if n < 1 then return "" end
  n = floor(n)
  if n ~= n or (#text + #separator) * n > TEXT_MAX then
    error("string.rep: more than a megabyte", 2)
  end
  core.spend((#text + #separator) * n / 64)
  if separator == "" then return rep(text, n) end
  return rep(text .. separator, n - 1) .. text
end

local function safe_format(template, ...)
  local n, values = select("#", ...), { ... }
  if type(template) ~= "string" then error("string.format: a string is wanted", 2) end
  if find(gsub(template, "%%%%", ""), "%%[^%a]*p") then
    error("string.format: %p is not allowed", 2)
  end
  for i = 1, n do
    local kind = type(values[i])
    if kind ~= "number" and kind ~= "string" then values[i] = safe_tostring(values[i]) end
  end
  return format(template, unpack(values, 1, n))
end

local function length(what, t)
  if type(t) ~= "table" then
    error("table." .. what .. ": a table is wanted, not " .. a(type(t)), 3)
  end
  return #t
end

local function safe_concat(list, separator, first, last)
  first, last = first or 1, last or length("concat", list)
  separator = separator or ""
  if last - first >= LIST_MAX then error("table.concat: more than a million elements", 2) end
  local size = 0
  for i = first, last do
    local kind = type(list[i])
    if kind ~= "string" and kind ~= "number" then
      error("table.concat: element " .. i .. " is " .. a(kind), 2)
    end
    size = size + (kind == "string" and #list[i] or 24) + #separator
    if size > TEXT_MAX then error("table.concat: more than a megabyte", 2) end
  end
  return concat(list, separator, first, last)
end

local function safe_insert(list, ...)
  local n, count = length("insert", list), select("#", ...)
  if count == 1 then
    list[n + 1] = (...)
    return
  elseif count ~= 2 then
    error("table.insert: wrong number of arguments", 2)
  end
  local at, value = ...
  if type(at) ~= "number" or at < 1 or at > n + 1 or at ~= floor(at) then
    error("table.insert: position out of bounds", 2)
  end
  core.spend(n - at + 1)
  insert(list, at, value)
end

local function safe_remove(list, at)
  local n = length("remove", list)
  if at == nil then at = n end
  if n == 0 then return nil end
  if type(at) ~= "number" or at < 1 or at > n or at ~= floor(at) then
    error("table.remove: position out of bounds", 2)
  end
  core.spend(n - at + 1)
  return remove(list, at)
end

local function in_order(x, y)
  if type(x) == "string" and type(y) == "string" then return core.less(x, y) end
  return x < y
end

local function safe_sort(list, before)
  local n = length("sort", list)
  if n > LIST_MAX then error("table.sort: more than a million elements", 2) end
  core.spend(n * 8)
  sort(list, before or in_order)
end

local function safe_unpack(list, first, last)
  first, last = first or 1, last or length("unpack", list)
  if last - first >= 200 then error("unpack: more than 200 values", 2) end
  return unpack(list, first, last)
end

-- Strings find their methods in this very table, so it is the one that is bounded.
local function bound_strings()
  local keep = { byte = byte, char = string.char, find = find, format = safe_format,
    gmatch = string.gmatch,
    gsub = gsub, len = string.len, lower = string.lower, match = match, rep = safe_rep,
    reverse = string.reverse, sub = sub, upper = string.upper }
  for key in pairs(string) do rawset(string, key, nil) end
  for key, value in pairs(keep) do rawset(string, key, value) end
end
bound_strings()

local SAFE = {
  assert = assert, error = error, ipairs = safe_ipairs, next = safe_next, pairs = safe_pairs,
  pcall = safe_pcall, rawequal = rawequal, rawget = rawget, rawset = rawset, select = select,
  setmetatable = safe_setmetatable, tonumber = tonumber, tostring = safe_tostring, type = type,
  unpack = safe_unpack, xpcall = safe_xpcall,
}
local SAFE_TABLE = { concat = safe_concat, insert = safe_insert, remove = safe_remove,
  sort = safe_sort,
  unpack = safe_unpack }
local SAFE_MATH = { abs = math.abs, ceil = math.ceil, floor = math.floor, fmod = math.fmod,
  huge = math.huge,
  max = math.max, min = math.min, modf = math.modf, pi = math.pi, sqrt = math.sqrt }

local function copy_of(t)
  local copy = {}
  for key, value in pairs(t) do copy[key] = value end
  return copy
end

-- The globals of a rule file, its own: what one file does to them no other sees.
function env.basics()
  local globals = copy_of(SAFE)
  globals._G, globals._VERSION = globals, _VERSION
  globals.string, globals.table, globals.math =
    copy_of(string), copy_of(SAFE_TABLE), copy_of(SAFE_MATH)
  return globals
end

env.copy_of = copy_of

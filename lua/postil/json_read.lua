-- json_read.lua - reads JSON texts; json.lua writes them.
--
--   json_read.value(text) -> value | nil, message with the byte
--
-- Objects and arrays are tables, null is json_read.null.  A key given twice, a lone surrogate and
-- more than 64 levels are refused.
--
-- micro's Lua reads this, too: it gets `c, at = f(at), at + 1` wrong in a loop, hence two lines.

local unicode = require "postil.unicode"

local M = { null = setmetatable({}, { __tostring = function() return "null" end }) }

local DEPTH_MAX = 64
local SHORT = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\",
  ["/"] = "/" }

local read_value

local function fail(at, words)
  error({ at = at, words = words }, 0)
end

-- Most often there is nothing to skip, and a pattern costs more than all the rest.
local function skip(text, at)
  local c = text:byte(at)
  return c and c > 32 and at or text:match("^[ \t\r\n]*()", at)
end

local function read_code(text, at)
  local digits = text:match("^%x%x%x%x", at) or fail(at, "four hexadecimal digits wanted")
  local code = tonumber(digits, 16)
  if code < 0xD800 or code > 0xDFFF then return unicode.encode(code), at + 4 end
  local low = tonumber(text:match("^\\u([dD][c-fC-F]%x%x)", at + 4) or "", 16)
  if code > 0xDBFF or not low then fail(at, "half of a surrogate pair") end
  return unicode.encode(0x10000 + (code - 0xD800) * 1024 + low - 0xDC00), at + 10
end

-- The string whose first quotation mark stands at `at`.
local function read_string(text, at)
  local out = {}
  at = at + 1
  while true do
    local plain, stop = text:match('^([^"\\%z\1-\31]*)()', at)
    out[#out + 1] = plain
    local c = text:sub(stop, stop)
    if c == '"' then return table.concat(out), stop + 1 end
    if c ~= "\\" then fail(stop, c == "" and "no end of the string" or "a control character") end
    c = text:sub(stop + 1, stop + 1)
    if c == "u" then
      out[#out + 1], at = read_code(text, stop + 2)
    else
      out[#out + 1], at = SHORT[c] or fail(stop, "no such escape"), stop + 2
    end
  end
end

local function read_array(text, at, depth)
  local list, c = {}
  at = skip(text, at + 1)
  if text:sub(at, at) == "]" then return list, at + 1 end
  repeat
    list[#list + 1], at = read_value(text, at, depth)
    at = skip(text, at)
    c = text:sub(at, at)
    at = at + 1
  until c ~= ","
  if c ~= "]" then fail(at - 1, ", or ] wanted") end
  return list, at
end

local function read_object(text, at, depth)
  local object, c = {}
  at = skip(text, at + 1)
  if text:sub(at, at) == "}" then return object, at + 1 end
  repeat
    at = skip(text, at)
    if text:sub(at, at) ~= '"' then fail(at, "a key wanted") end
    local from, key = at
    key, at = read_string(text, at)
    if object[key] ~= nil then fail(from, "a key given twice") end
    at = skip(text, at)
    if text:sub(at, at) ~= ":" then fail(at, ": wanted") end
    object[key], at = read_value(text, at + 1, depth)
    at = skip(text, at)
    c = text:sub(at, at)
    at = at + 1
  until c ~= ","
  if c ~= "}" then fail(at - 1, ", or } wanted") end
  return object, at
end

local WORDS = { ["true"] = true, ["false"] = false, null = M.null }

function read_value(text, at, depth)
  if depth > DEPTH_MAX then fail(at, "too many levels") end
  at = skip(text, at)
  local c = text:sub(at, at)
  if c == "{" then return read_object(text, at, depth + 1) end
  if c == "[" then return read_array(text, at, depth + 1) end
  if c == '"' then return read_string(text, at) end
  local word, stop = text:match("^([%w.+-]+)()", at)
  if word and WORDS[word] ~= nil then return WORDS[word], stop end
  local number = word and word:find "^%-?%d[%d.eE+-]*$" and tonumber(word)
  return number or fail(at, "no value"), stop
end

function M.value(text)
  local ok, value, stop = pcall(read_value, text, 1, 0)
  if ok then
    stop = skip(text, stop)
    if stop > #text then return value end
    value = { at = stop, words = "something behind the value" }
  elseif type(value) ~= "table" then
    error(value, 0)
  end
  return nil, ("byte %d: %s"):format(value.at, value.words)
end

return M

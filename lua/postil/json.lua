-- json.lua - writes JSON values: the same value gives the same bytes in every Lua and locale.
--
-- Invalid UTF-8 becomes U+FFFD, one for each maximal ill-formed subpart.  Control characters, C1
-- and bidi controls are escaped, so that a line of JSON is harmless on a terminal too.

local unicode = require "postil.unicode"

local M = {}

local short = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }

local function escape(c) return short[c] or ("\\u%04x"):format(c:byte()) end

local function high(code)
  if not code then return "\239\191\189" end
  if not unicode.unsafe(code) then return nil end
  if code < 0x10000 then return ("\\u%04x"):format(code) end
  code = code - 0x10000
  return ("\\u%04x\\u%04x"):format(0xD800 + (code - code % 1024) / 1024, 0xDC00 + code % 1024)
end

-- s as a JSON string, with its quotation marks.
function M.string(s)
  if s:find '[%z\1-\31"\\\127]' then s = s:gsub('[%z\1-\31"\\\127]', escape) end
  if s:find "[\128-\255]" then s = unicode.map(s, high) end
  return '"' .. s .. '"'
end

-- Whole numbers have no point; others 14 digits; what JSON cannot say is null.
function M.number(x)
  if x ~= x or x == math.huge or x == -math.huge then return "null" end
  if x == 0 then return "0" end
  if x == math.floor(x) and x > -2 ^ 53 and x < 2 ^ 53 then return ("%.0f"):format(x) end
  return (("%.14g"):format(x):gsub("[^%d%-+e]+", ".")) -- the point may be the locale's
end

return M

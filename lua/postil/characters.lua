-- characters.lua - what rule files find in p.utf8: the characters of texts, the same in every Lua.
--
-- A part of what the private state of a rule set begins with; see env.lua.

local _, p = ...

local floor = math.floor

-- Bytes that are not UTF-8 count as one character each.
local CHARACTER = "[%z\1-\127\194-\244][\128-\191]*"
p.utf8 = {}

local function must_be(kind, value, name)
  if type(value) == kind then return end
  error("p.utf8." .. name .. ": a " .. kind .. " is wanted, not a " .. type(value), 3)
end

function p.utf8.chars(text)
  must_be("string", text, "chars")
  local list = {}
  for character in text:gmatch(CHARACTER) do list[#list + 1] = character end
  return list
end

function p.utf8.len(text)
  must_be("string", text, "len")
  return #p.utf8.chars(text)
end

-- Characters first to last; negative ones count from the end, as in string.sub.
function p.utf8.sub(text, first, last)
  must_be("string", text, "sub")
  must_be("number", first, "sub")
  local list = p.utf8.chars(text)
  local n = #list
  last = last or -1
  if first < 0 then first = math.max(n + first + 1, 1) elseif first == 0 then first = 1 end
  if last < 0 then last = n + last + 1 elseif last > n then last = n end
  if first > last then return "" end
  return table.concat(list, "", first, last)
end

-- The characters of some code points.
function p.utf8.char(...)
  local list = {}
  for i = 1, select("#", ...) do
    local code = select(i, ...)
    must_be("number", code, "char")
    if code < 0x80 then
      list[i] = string.char(code)
    elseif code < 0x800 then
      list[i] = string.char(0xC0 + floor(code / 64), 0x80 + code % 64)
    elseif code < 0x10000 then
      list[i] = string.char(0xE0 + floor(code / 4096), 0x80 + floor(code / 64) % 64,
        0x80 + code % 64)
    else
      list[i] = string.char(0xF0 + floor(code / 262144), 0x80 + floor(code / 4096) % 64,
        0x80 + floor(code / 64) % 64, 0x80 + code % 64)
    end
  end
  return table.concat(list)
end

-- The code point of the first character.
function p.utf8.codepoint(text)
  must_be("string", text, "codepoint")
  local a, b, c, d = text:byte(1, 4)
  if not a or a < 0x80 then return a end
  if a < 0xE0 then return (a - 0xC0) * 64 + (b or 0x80) - 0x80 end
  if a < 0xF0 then return (a - 0xE0) * 4096 + ((b or 0x80) - 0x80) * 64 + (c or 0x80) - 0x80 end
  return (a - 0xF0) * 262144 + ((b or 0x80) - 0x80) * 4096 + ((c or 0x80) - 0x80) * 64 + (d or
    0x80) - 0x80
end

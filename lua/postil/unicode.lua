-- unicode.lua - UTF-8 for every Lua: one code point at a time, invalid bytes told apart.
--
-- Used where postil writes text for others to read: json.lua, visible.lua.

local M = {}

local byte = string.byte

-- Second byte's range and length by first byte, as in table 3-7 of the Unicode standard.
local function shape(b)
  if b >= 0xC2 and b <= 0xDF then return 2, 0x80, 0xBF end
  if b == 0xE0 then return 3, 0xA0, 0xBF end
  if b == 0xED then return 3, 0x80, 0x9F end
  if b >= 0xE1 and b <= 0xEF then return 3, 0x80, 0xBF end
  if b == 0xF0 then return 4, 0x90, 0xBF end
  if b >= 0xF1 and b <= 0xF3 then return 4, 0x80, 0xBF end
  if b == 0xF4 then return 4, 0x80, 0x8F end
end

-- The code point at byte `i` of s and its length in bytes.  Of an ill-formed sequence: nil and the
-- length of its maximal subpart.
function M.decode(s, i)
  local b = byte(s, i)
  if b < 0x80 then return b, 1 end
  local len, low, high = shape(b)
  if not len then return nil, 1 end
  local code = b % 2 ^ (7 - len)
  for k = 1, len - 1 do
    local c = byte(s, i + k)
    if not c or c < low or c > high then return nil, k end
    code, low, high = code * 64 + c % 64, 0x80, 0xBF
  end
  return code, len
end

-- The UTF-8 of a code point.
function M.encode(code)
  if code < 0x80 then return string.char(code) end
  local bytes, limit = "", 0x40
  while code >= limit do
    bytes = string.char(0x80 + code % 64) .. bytes
    code = (code - code % 64) / 64
    limit = limit == 0x40 and 0x20 or limit / 2
  end
  return string.char(256 - limit * 2 + code) .. bytes
end

-- s with each run of bytes above 127 rewritten: change(code, bytes) for a code point (nil: keep),
-- change(nil, bytes) for an ill-formed sequence.  ASCII passes through.
function M.map(s, change)
  return (s:gsub("[\128-\255]+", function(run)
    local out, n, i = {}, 0, 1
    while i <= #run do
      local code, len = M.decode(run, i)
      local bytes = run:sub(i, i + len - 1)
      n = n + 1
      out[n] = change(code, bytes) or bytes
      i = i + len
    end
    return table.concat(out)
  end))
end

-- Columns that s takes up on a terminal, roughly: one a code point, none for combining marks.
function M.width(s)
  local _, points = s:gsub("[^\128-\191]", "")
  local _, marks = s:gsub("[\204\205][\128-\191]", "")
  return points - marks
end

-- What a terminal must not get from a text: C1, marks that turn or hide text, tags; not C0.
function M.unsafe(code)
  return code >= 0x80 and code <= 0x9F or code == 0x61C
    or code >= 0x200E and code <= 0x200F or code >= 0x2028 and code <= 0x202E
    or code >= 0x2066 and code <= 0x206F or code >= 0xFFF9 and code <= 0xFFFB
    or code >= 0xE0000 and code <= 0xE007F
end

-- Runs of letters with their lower case at a distance, by first and last code point; step 2: every
-- other one.  Latin, Greek and Cyrillic: what names are written in that have two cases.
local CAPITALS = { { 0xC0, 0xD6, 32, 1 }, { 0xD8, 0xDE, 32, 1 }, { 0x100, 0x136, 1, 2 },
  { 0x139, 0x147, 1, 2 }, { 0x14A, 0x176, 1, 2 }, { 0x179, 0x17D, 1, 2 }, { 0x386, 0x386, 38, 1 },
  { 0x388, 0x38A, 37, 1 }, { 0x38C, 0x38C, 64, 1 }, { 0x391, 0x3A9, 32, 1 },
  { 0x400, 0x40F, 80, 1 }, { 0x410, 0x42F, 32, 1 }, { 0x460, 0x480, 1, 2 }, { 0x48A, 0x4BE, 1, 2 },
  { 0x4D0, 0x52E, 1, 2 } }

-- Code point -> its lower case; and the set of these.
local function letters()
  local lower, is_lower = { [0x178] = 0xFF }, { [0xDF] = true, [0xFF] = true }
  for _, run in ipairs(CAPITALS) do
    for code = run[1], run[2], run[4] do
      lower[code] = code + run[3]
      is_lower[code + run[3]] = true
    end
  end
  return lower, is_lower
end

local function encode(code) -- two bytes: all that CAPITALS needs
  return string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
end

local lower, is_lower

-- s in lower case, and whether it is all capitals: it has some, and no lower-case letter.
function M.fold(s)
  if not lower then lower, is_lower = letters() end
  local small = s:find "%l" ~= nil
  local folded = M.map(s:lower(), function(code)
    small = small or is_lower[code]
    return lower[code] and encode(lower[code])
  end)
  return folded, not small and folded ~= s
end

return M

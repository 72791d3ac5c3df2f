-- scripts.lua - words whose letters come from several alphabets that look alike.
--
--   scripts(text, say): say(at, words) for each word of a text that mixes them.
--
-- "Аррle" with three Cyrillic letters matches no "Apple".  Only alphabets with letters that look
-- like those of another are told apart; their ranges are from Scripts.txt of Unicode 15.

local unicode = require "postil.unicode"

local RANGES = { -- first, last, script; in order
  { 0x41, 0x5A, "Latin" }, { 0x61, 0x7A, "Latin" }, { 0xC0, 0xD6, "Latin" },
  { 0xD8, 0xF6, "Latin" }, { 0xF8, 0x2AF, "Latin" }, { 0x370, 0x373, "Greek" },
  { 0x376, 0x377, "Greek" }, { 0x37B, 0x37D, "Greek" }, { 0x37F, 0x37F, "Greek" },
  { 0x386, 0x386, "Greek" }, { 0x388, 0x3E1, "Greek" }, { 0x3F0, 0x3FF, "Greek" },
  { 0x400, 0x482, "Cyrillic" }, { 0x48A, 0x52F, "Cyrillic" }, { 0x531, 0x556, "Armenian" },
  { 0x561, 0x587, "Armenian" }, { 0x10A0, 0x10FF, "Georgian" }, { 0x13A0, 0x13FD, "Cherokee" },
  { 0x1C80, 0x1C88, "Cyrillic" }, { 0x1E00, 0x1EFF, "Latin" }, { 0x1F00, 0x1FFC, "Greek" },
  { 0x2C60, 0x2C7F, "Latin" }, { 0x2C80, 0x2CE4, "Coptic" }, { 0x2DE0, 0x2DFF, "Cyrillic" },
  { 0xA640, 0xA66E, "Cyrillic" }, { 0xA722, 0xA787, "Latin" }, { 0xFF21, 0xFF3A, "Latin" },
  { 0xFF41, 0xFF5A, "Latin" },
}
local UNIT = { [0x3BC] = true, [0x3A9] = true } -- μm, kΩ: alone among Latin letters

local function script_of(code)
  local low, high = 1, #RANGES
  while low < high do
    local middle = math.floor((low + high) / 2)
    if RANGES[middle][2] < code then low = middle + 1 else high = middle end
  end
  local range = RANGES[low]
  return range[1] <= code and code <= range[2] and range[3] or nil
end

-- Hands over the words of a run of letters and other bytes: lists of { script=, code=, bytes=,
-- at= }.
local function words_of(run, say)
  local word, at = {}, 1
  while at <= #run do
    local code, len = unicode.decode(run, at)
    local script = code and script_of(code)
    local mark = code and code >= 0x300 and code <= 0x36F
    if script then
      word[#word + 1] = { script = script, code = code, bytes = run:sub(at, at + len - 1), at = at }
    elseif not mark then
      say(word)
      word = {}
    end
    at = at + len
  end
  say(word)
end

-- Scripts of a word with how many letters each has, the one with most first.
local function count(word)
  local list, by_name = {}, {}
  for _, letter in ipairs(word) do
    local script = by_name[letter.script]
    if not script then
      script = { name = letter.script, n = 0, first = #list }
      by_name[letter.script], list[#list + 1] = script, script
    end
    script.n = script.n + 1
  end
  table.sort(list, function(a, b)
    if a.n ~= b.n then return a.n > b.n end
    if (a.name == "Latin") ~= (b.name == "Latin") then return a.name == "Latin" end
    return a.first < b.first
  end)
  return list
end

local function is_unit(word, scripts)
  if #scripts ~= 2 or scripts[1].name ~= "Latin" or scripts[2].n ~= 1 then return false end
  for _, letter in ipairs(word) do
    if letter.script ~= "Latin" then return UNIT[letter.code] end
  end
end

-- "'Аррle' mixes scripts: А U+0410, р U+0440 are Cyrillic, the others Latin"
local function describe(word, scripts, text)
  local odd, seen = {}, {}
  for _, letter in ipairs(word) do
    if letter.script ~= scripts[1].name and not seen[letter.code] then
      seen[letter.code] = true
      odd[#odd + 1] = ("%s U+%04X"):format(letter.bytes, letter.code)
    end
  end
  local names = {}
  for i = 2, #scripts do names[#names + 1] = scripts[i].name end
  return ("'%s' mixes scripts: %s %s %s, the others %s"):format(text, table.concat(odd, ", "),
    #odd == 1 and "is" or "are", table.concat(names, " or "), scripts[1].name)
end

-- "а-zА-Я" in a regex: what stands between two ranges is no word.
local function in_ranges(text, first, last, letters)
  return letters == 2 and text:sub(first - 1, first - 1) == "-" and
    text:sub(last + 1, last + 1) == "-"
end

-- First bytes of what is not Latin with accents, which most runs hold nothing else than.
local OTHER = "[\205-\214\225\226\234\239]"

return function(text, say)
  if not text:find(OTHER) then return end
  for start, run in text:gmatch "()([%a\128-\255]+)" do
    if run:find(OTHER) then
      words_of(run, function(word)
        local scripts = count(word)
        if #scripts < 2 or is_unit(word, scripts) then return end
        local first = start + word[1].at - 1
        local last = start + word[#word].at + #word[#word].bytes - 2
        if in_ranges(text, first, last, #word) then return end
        say(first, describe(word, scripts, text:sub(first, last)))
      end)
    end
  end
end

-- convert.lua - what rule files find in p beside p.esc: dates, numbers, characters.
--
-- Runs in the private state of a rule set after env.lua and gets the table p.  p.iso goes into set
-- = { iso = p.iso }: it makes an ISO date of the captures day or day2, month, year, wd and the date
-- of the document.

local p = ...

local MONTHS = { "january", "february", "march", "april", "may", "june", "july", "august",
  "september", "october",
  "november", "december" }
local DAYS = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" }
local WORDS = { zero = 0, one = 1, two = 2, three = 3, four = 4, five = 5, six = 6, seven = 7,
  eight = 8, nine = 9,
  ten = 10, eleven = 11, twelve = 12, dozen = 12, hundred = 100 }
local SCALE = { hundred = 100, thousand = 1e3, million = 1e6, m = 1e6, bn = 1e9, billion = 1e9,
  trillion = 1e12 }

-- The number in a list of names that begins like this, at least three letters.
local function index_of(list, name)
  name = (name or ""):lower():gsub("%.$", "")
  if #name < 3 then return nil end
  for i, full in ipairs(list) do
    if full:sub(1, #name) == name then return i end
  end
  return name == "sept" and list == MONTHS and 9 or nil
end

-- Days since 1 March of the year 0, and back (Gregorian; the year begins in March so that leap days
-- come last).
local function to_days(year, month, day)
  if month < 3 then year, month = year - 1, month + 12 end
  return 365 * year + math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400) +
    math.floor((153 * (month - 3) + 2) / 5) + day - 1
end

local function from_days(days)
  local year = math.floor(days / 365.2425)
  while to_days(year + 1, 3, 1) <= days do year = year + 1 end
  while to_days(year, 3, 1) > days do year = year - 1 end
  local rest = days - to_days(year, 3, 1)
  local month = math.floor((5 * rest + 2) / 153)
  local day = rest - math.floor((153 * month + 2) / 5) + 1
  if month < 10 then return year, month + 3, day end
  return year + 1, month - 9, day
end

local function iso(year, month, day)
  if not month then return ("%04d"):format(year) end
  if month < 1 or month > 12 then return nil end
  if not day then return ("%04d-%02d"):format(year, month) end
  if day < 1 or day > 31 then return nil end
  local _, m, d = from_days(to_days(year, month, day))
  if m ~= month or d ~= day then return nil end -- 31 February
  return ("%04d-%02d-%02d"):format(year, month, day)
end

local function parse(date)
  local year, month, day = (date or ""):match "^(%d%d%d%d)-(%d%d)-(%d%d)"
  if year then return tonumber(year), tonumber(month), tonumber(day) end
end

-- A weekday near the date of the document: the last one up to it, or the next one after it.
local function weekday(wanted, date, ahead)
  local year, month, day = parse(date)
  if not year then return nil end
  local today = to_days(year, month, day)
  local back = (today + 2 - (wanted - 1)) % 7 -- 1 March of the year 0 was a Wednesday
  return iso(from_days(ahead and today - back + 7 or today - back))
end

-- p.iso(m): "2026-05-04", "2026-05" or "2026"; nil where captures and document do not tell.
function p.iso(m)
  local month = index_of(MONTHS, m.month)
  local day, year = tonumber(((m.day or m.day2 or ""):match "^%d+")),
    tonumber((m.year or ""):match "^%d+")
  if not month and tonumber(m.month) then month = tonumber(m.month) end
  if year and year < 100 then year = year + (year < 70 and 2000 or 1900) end
  if month then
    local now, current = parse(m.date)
    if not year and not now then return nil end
    -- Without a year it is the nearest such month.
    if not year then
      year = month - current > 6 and now - 1 or current - month > 6 and now + 1 or now
    end
    return iso(year, month, day)
  end
  if year then return iso(year) end
  local wanted = index_of(DAYS, m.wd)
  if wanted then return weekday(wanted, m.date, m.text:lower():find "next" ~= nil) end
end
p.date = p.iso

-- p.number(text or m): "1,200" is 1200, "3.5 million" 3500000, "twelve" 12; of m the captures
-- amount (or number) and mult.
function p.number(text)
  local mult
  if type(text) ~= "string" then
    if text == nil then return nil end
    text, mult = text.amount or text.number or text.text, text.mult
  end
  local digits, rest = text:match "^%s*([%d][%d,%.]*)%s*(%a*)"
  local number
  if digits then
    number = tonumber((digits:gsub(",", ""):gsub("%.$", "")))
  else
    number = WORDS[text:lower():match "%a+" or ""]
    rest = text:lower():match "%a+%s+(%a+)" or ""
  end
  if not number then return nil end
  number = number * (SCALE[(mult or rest or ""):lower()] or 1)
  return number == math.floor(number) and math.floor(number) or number
end

-- Characters of UTF-8 texts, the same in every Lua.  Bytes that are not UTF-8 count as one
-- character each.
local CHARACTER = "[%z\1-\127\194-\244][\128-\191]*"
p.utf8 = {}

function p.utf8.chars(text)
  local list = {}
  for character in text:gmatch(CHARACTER) do list[#list + 1] = character end
  return list
end

function p.utf8.len(text)
  return #p.utf8.chars(text)
end

-- Characters first to last; negative ones count from the end, as in string.sub.
function p.utf8.sub(text, first, last)
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
    if code < 0x80 then
      list[i] = string.char(code)
    elseif code < 0x800 then
      list[i] = string.char(0xC0 + math.floor(code / 64), 0x80 + code % 64)
    elseif code < 0x10000 then
      list[i] = string.char(0xE0 + math.floor(code / 4096), 0x80 + math.floor(code / 64) % 64,
        0x80 + code % 64)
    else
      list[i] = string.char(0xF0 + math.floor(code / 262144), 0x80 + math.floor(code / 4096) % 64,
        0x80 + math.floor(code / 64) % 64, 0x80 + code % 64)
    end
  end
  return table.concat(list)
end

-- The code point of the first character.
function p.utf8.codepoint(text)
  local a, b, c, d = text:byte(1, 4)
  if not a or a < 0x80 then return a end
  if a < 0xE0 then return (a - 0xC0) * 64 + (b or 0x80) - 0x80 end
  if a < 0xF0 then return (a - 0xE0) * 4096 + ((b or 0x80) - 0x80) * 64 + (c or 0x80) - 0x80 end
  return (a - 0xF0) * 262144 + ((b or 0x80) - 0x80) * 4096 + ((c or 0x80) - 0x80) * 64 + (d or
    0x80) - 0x80
end

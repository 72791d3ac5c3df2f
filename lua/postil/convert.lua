-- convert.lua - what rule files find in p beside p.esc: dates, numbers, characters.
--
-- Runs in the private state of a rule set after env.lua and gets the table p.  p.iso goes into set
-- = { iso = p.iso }: it makes an ISO date of the captures day or day2, month, year, wd and the date
-- of the document.

local p = ...

local floor, format = math.floor, string.format
local lower, match = string.lower, string.match

-- Names and their beginnings of three letters or more, with and without a full stop, by number; as
-- they are nearly always written, too.
local function numbered(names)
  local numbers = {}
  for i, name in ipairs(names) do
    for n = 3, #name do
      local short = name:sub(1, n)
      local written = short:sub(1, 1):upper() .. short:sub(2)
      numbers[short], numbers[short .. "."] = i, i
      numbers[written], numbers[written .. "."] = i, i
    end
  end
  return numbers
end

local MONTHS = numbered { "january", "february", "march", "april", "may", "june", "july", "august",
  "september", "october", "november", "december" }
local DAYS = numbered { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  "sunday" }
local WORDS = { zero = 0, one = 1, two = 2, three = 3, four = 4, five = 5, six = 6, seven = 7,
  eight = 8, nine = 9,
  ten = 10, eleven = 11, twelve = 12, dozen = 12, hundred = 100 }
local SCALE = { hundred = 100, thousand = 1e3, million = 1e6, m = 1e6, bn = 1e9, billion = 1e9,
  trillion = 1e12 }

-- Days since 1 March of the year 0, and back (Gregorian; the year begins in March so that leap days
-- come last).
local function to_days(year, month, day)
  if month < 3 then year, month = year - 1, month + 12 end
  return 365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400) +
    floor((153 * (month - 3) + 2) / 5) + day - 1
end

local function from_days(days)
  local year = floor(days / 365.2425)
  while to_days(year + 1, 3, 1) <= days do year = year + 1 end
  while to_days(year, 3, 1) > days do year = year - 1 end
  local rest = days - to_days(year, 3, 1)
  local month = floor((5 * rest + 2) / 153)
  local day = rest - floor((153 * month + 2) / 5) + 1
  if month < 10 then return year, month + 3, day end
  return year + 1, month - 9, day
end

local LENGTH = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function has_day(year, month, day)
  if day < 1 or not LENGTH[month] then return false end
  if day <= LENGTH[month] then return true end
  return month == 2 and day == 29 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

local function iso(year, month, day)
  if not month then return format("%04d", year) end
  if month < 1 or month > 12 then return nil end
  if not day then return format("%04d-%02d", year, month) end
  if not has_day(year, month, day) then return nil end -- 31 February
  return format("%04d-%02d-%02d", year, month, day)
end

local function parse(date)
  local year, month, day = match(date, "^(%d%d%d%d)-(%d%d)-(%d%d)")
  if year then return tonumber(year), tonumber(month), tonumber(day) end
end

-- A weekday near the date of the document: the last one up to it, or the next one after it.
local function weekday(wanted, year, month, day, ahead)
  local today = to_days(year, month, day)
  local back = (today + 2 - (wanted - 1)) % 7 -- 1 March of the year 0 was a Wednesday
  return iso(from_days(ahead and today - back + 7 or today - back))
end

-- p.iso(m): "2026-05-04", "2026-05" or "2026"; nil where captures and document do not tell.
function p.iso(m)
  local name, year = m.month, m.year
  local month = name and (MONTHS[name] or MONTHS[lower(name)] or tonumber(name))
  year = year and tonumber((match(year, "^%d+")))
  if year then
    if year < 100 then year = year + (year < 70 and 2000 or 1900) end
    if not month then return iso(year) end
  else
    local date = m.date
    if not date then return nil end
    local now, current, today = parse(date)
    if not now then return nil end
    if not month then
      local wanted = DAYS[lower(m.wd or "")]
      if not wanted then return nil end
      return weekday(wanted, now, current, today, lower(m.text):find "next" ~= nil)
    end
    -- Without a year it is the nearest such month.
    year = month - current > 6 and now - 1 or current - month > 6 and now + 1 or now
  end
  local day = m.day or m.day2
  return iso(year, month, day and tonumber((match(day, "^%d+"))))
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
  local digits, rest = match(text, "^%s*([%d][%d,%.]*)%s*(%a*)")
  local number
  if digits then
    number = tonumber(digits) or tonumber((digits:gsub(",", ""):gsub("%.$", "")))
  else
    text = lower(text)
    number, rest = WORDS[match(text, "%a+") or ""], match(text, "%a+%s+(%a+)")
  end
  if not number then return nil end
  if mult or rest then number = number * (SCALE[lower(mult or rest)] or 1) end
  return number == floor(number) and floor(number) or number
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
  local a, b, c, d = text:byte(1, 4)
  if not a or a < 0x80 then return a end
  if a < 0xE0 then return (a - 0xC0) * 64 + (b or 0x80) - 0x80 end
  if a < 0xF0 then return (a - 0xE0) * 4096 + ((b or 0x80) - 0x80) * 64 + (c or 0x80) - 0x80 end
  return (a - 0xF0) * 262144 + ((b or 0x80) - 0x80) * 4096 + ((c or 0x80) - 0x80) * 64 + (d or
    0x80) - 0x80
end

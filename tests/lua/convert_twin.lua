-- convert_twin.lua - what p.iso, p.number and p.amount should say, the slow way: Lua patterns.

local twin = {}

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
  if month < 1 or month > 12 or month ~= floor(month) then return nil end
  if not day then return format("%04d-%02d", year, month) end
  if not has_day(year, month, day) then return nil end -- 31 February
  return format("%04d-%02d-%02d", year, month, day)
end

local function parse(date)
  local year, month, day = match(date, "^(%d%d%d%d)-(%d%d)-(%d%d)")
  if year then return tonumber(year), tonumber(month), tonumber(day) end
end

-- A weekday near the date of the document: the last one up to it; with "next" (in the text or as
-- the capture `way`) the first after it, with "last" as `way` the last before it.
local function weekday(wanted, year, month, day, way, text)
  local today = to_days(year, month, day)
  local back = (today + 2 - (wanted - 1)) % 7 -- 1 March of the year 0 was a Wednesday
  if way:find "last" and back == 0 then back = 7 end
  if way:find "next" or text:find "next" then back = back - 7 end
  return iso(from_days(today - back))
end

-- "yesterday", "today", "tonight", "tomorrow".
local function relative(year, month, day, text)
  local step = text:find "yesterday" and -1 or text:find "tomorrow" and 1 or 0
  if step == 0 and not text:find "today" and not text:find "tonight" then return nil end
  return iso(from_days(to_days(year, month, day) + step))
end

-- What stands for a month besides its name: a whole number.
local function month_number(name)
  if type(name) == "number" then return name end
  return match(name, "^%s*[-+]?%d*%.?%d*%s*$") and tonumber(name) or nil
end

-- "2026-05-04", "2026-05" or "2026"; nil where captures and document do not tell.
function twin.iso(m)
  local name, year = m.month, m.year
  local month = name and (MONTHS[name] or MONTHS[lower(name)] or month_number(name))
  year = year and tonumber((match(year, "^%d+")))
  if year and year >= 1e15 then return nil end
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
      local text = lower(m.text or "")
      if not wanted then return relative(now, current, today, text) end
      return weekday(wanted, now, current, today, lower(m.way or ""), text)
    end
    -- Without a year it is the nearest such month.
    year = month - current > 6 and now - 1 or current - month > 6 and now + 1 or now
  end
  local day = m.day or m.day2
  return iso(year, month, day and tonumber((match(day, "^%d+"))))
end

-- "1,200" is 1200, "3.5 million" 3500000, "twelve" 12; of m the captures amount (or number) and mult.
function twin.number(text)
  local mult
  if type(text) ~= "string" then
    if text == nil then return nil end
    text, mult = text.amount or text.number or text.text, text.mult
    if type(text) == "number" then return text * (mult and SCALE[lower(mult)] or 1) end
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
  number = number + 0.0 -- in every Lua a double
  if mult or rest then number = number * (SCALE[lower(mult or rest)] or 1) end
  return number - number == 0 and number or nil
end

local AMOUNT = { hundred = 100, k = 1e3, thousand = 1e3, lakh = 1e5, lakhs = 1e5, m = 1e6, mn = 1e6,
  mil = 1e6, mln = 1e6, million = 1e6, crore = 1e7, crores = 1e7, b = 1e9, bn = 1e9, bil = 1e9,
  bln = 1e9, billion = 1e9, tn = 1e12, trillion = 1e12 }

-- The number of the captures number (or amount) and mult; its blanks do not count.
function twin.amount(m)
  local text, mult = m.number or m.amount or "", m.mult
  local plain = type(text) == "number" and text or match(text, "^[%d.]+$")
  local number = plain and tonumber(plain) or twin.number((text:gsub("[ \194\160]", "")))
  number = number and (number + 0.0) * (mult and AMOUNT[lower(mult)] or 1)
  return number and number - number == 0 and number or nil
end

return twin

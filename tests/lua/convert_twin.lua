-- convert_twin.lua - what p.iso and figures should give, the slow way: Lua patterns; and numbers
-- in words.

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

-- Are digits grouped in threes, or in twos and three at the end?
local function well_grouped(digits)
  if digits:find "^0" or not digits:find "^%d%d?%d?,.*,?%d%d%d$" then return false end
  local threes = digits:gsub("^%d+", ""):gsub(",%d%d%d%f[,%z]", "") == ""
  local twos = digits:gsub("^%d%d?%f[,]", ""):gsub(",%d%d%d$", ""):gsub(",%d%d%f[,%z]", "") == ""
  return threes or twos
end

-- The digits of a text, and where the decimal mark stands in them, as Lua reads them.
local function digits_of(text)
  local last_comma, last_point = text:find ",[^,]*$" or 0, text:find "%.[^.]*$" or 0
  local commas, points = select(2, text:gsub(",", "")), select(2, text:gsub("%.", ""))
  local decimal
  if points == 1 and last_comma < last_point then decimal = last_point
  elseif points > 0 and commas == 1 and last_point < last_comma then decimal = last_comma
  elseif points > 0 and commas > 0 then return nil end
  local whole = (decimal and text:sub(1, decimal - 1) or text):gsub("%.", ",")
  if whole:find "," then
    if not well_grouped(whole) then return nil end
    whole = whole:gsub(",", "")
  end
  return whole .. (decimal and "." .. text:sub(decimal + 1) or "")
end

local POWER = { hundred = 2, thousand = 3, million = 6, billion = 9, trillion = 12, lakh = 5,
  crore = 7 }

-- The number that a text of figures, and perhaps a scale word, begins with.
function twin.figures(text)
  local at = text:match "^%.?%d+()"
  while text:match("^[,.]%d+", at) do at = text:match("^[,.]%d+()", at) end
  local digits = digits_of(text:sub(1, at - 1))
  local scale, rest = text:match("^ ?(%a+)()", at)
  scale = scale and lower(scale)
  if not POWER[scale] then rest = at end
  if text:match("^%s*%.?%d", rest) then return nil end
  local number = digits and tonumber(digits .. "e" .. (POWER[scale] or 0))
  return number and number < math.huge and number + 0.0 or nil
end

local UNITS = { "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
  "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
  "nineteen" }
local TENS = { "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety" }

-- 0 to 999,999,999 in English; style: what stands behind a hundred, and within sixty-one.
function twin.spell(n, style)
  if n == 0 then return "zero" end
  local words = {}
  local function below_thousand(rest)
    if rest >= 100 then
      words[#words + 1] = UNITS[floor(rest / 100)] .. " hundred"
      rest = rest % 100
      if rest > 0 and style.conjunction then words[#words + 1] = "and" end
    end
    if rest >= 20 then
      local unit = rest % 10
      words[#words + 1] = TENS[floor(rest / 10)] .. (unit > 0 and style.hyphen .. UNITS[unit] or "")
    elseif rest > 0 then
      words[#words + 1] = UNITS[rest]
    end
  end
  for _, scale in ipairs { { 1e6, "million" }, { 1e3, "thousand" } } do
    if n >= scale[1] then
      below_thousand(floor(n / scale[1]))
      words[#words + 1] = scale[2]
      n = n % scale[1]
    end
  end
  if n > 0 and n < 100 and #words > 0 and style.conjunction then words[#words + 1] = "and" end
  below_thousand(n)
  return table.concat(words, " ")
end

twin.to_days, twin.from_days = to_days, from_days

return twin

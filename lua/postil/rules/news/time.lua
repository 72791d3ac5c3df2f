-- Dates and times.

local MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
  .. "|Jan.?|Feb.?|Mar.?|Apr.?|Jun.?|Jul.?|Aug.?|Sept.?|Sep.?|Oct.?|Nov.?|Dec.?"
local DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"

local NUMBER = {}
for i, name in ipairs { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec" } do
  NUMBER[name] = i
end
local WEEKDAY = { monday = 1, tuesday = 2, wednesday = 3, thursday = 4, friday = 5, saturday = 6, sunday = 7 }

-- Days since 1970-01-01 of the proleptic Gregorian calendar, and back (Howard Hinnant's days_from_civil).
local function days(y, mo, d)
  if mo <= 2 then y = y - 1 end
  local era = math.floor(y / 400)
  local yoe = y - era * 400
  local doy = math.floor((153 * (mo + (mo > 2 and -3 or 9)) + 2) / 5) + d - 1
  return era * 146097 + yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy - 719468
end
local function date(z)
  z = z + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local mo = mp < 10 and mp + 3 or mp - 9
  return yoe + era * 400 + (mo <= 2 and 1 or 0), mo, doy - math.floor((153 * mp + 2) / 5) + 1
end
local function iso(y, mo, d)
  if not mo then return ("%04d"):format(y) end
  if not d then return ("%04d-%02d"):format(y, mo) end
  return ("%04d-%02d-%02d"):format(y, mo, d)
end
local function today(m)
  local y, mo, d = (m.date or ""):match "^(%d+)-(%d+)-(%d+)$"
  if y then return tonumber(y), tonumber(mo), tonumber(d) end
end

local function calendar(m)
  local mo = m.month and NUMBER[m.month:lower():sub(1, 3)]
  local d = tonumber((m.day or m.day2 or ""):match "^%d+")
  local y = tonumber(m.year)
  if not y then
    y = today(m)
    if not y then return nil end
  end
  if d and (d < 1 or d > 31) then d = nil end
  return iso(y, mo, d)
end

-- A weekday in news is the nearest such day up to the document's date; "next" looks ahead.
local function weekday(m)
  local y, mo, d = today(m)
  local want = WEEKDAY[m.wd:lower()]
  if not y or not want then return nil end
  local now = days(y, mo, d)
  local is = (now + 3) % 7 + 1
  local way = (m.way or ""):lower()
  if way == "next" then return iso(date(now + ((want - is - 1) % 7) + 1)) end
  return iso(date(now - (is - want) % 7))
end

local function relative(m)
  local y, mo, d = today(m)
  local by = { today = 0, tonight = 0, yesterday = -1, tomorrow = 1 }
  local off = by[m.word:lower()]
  if not y or not off then return nil end
  return iso(date(days(y, mo, d) + off))
end

tag.date { id = "calendar",
  "(" .. DAYS .. ")? ,? day:<num>(st|nd|rd|th)? (of )? month:(" .. MONTHS .. ") ,? year:/(1[0-9]|20)\\d\\d/",
  "(" .. DAYS .. ")? ,? month:(" .. MONTHS .. ") day2:<num>(st|nd|rd|th)? ,? year:/(1[0-9]|20)\\d\\d/",
  "(" .. DAYS .. ")? ,? day:/[0-3]?\\d/(st|nd|rd|th)? (of )? month:(" .. MONTHS .. ")",
  "(" .. DAYS .. ")? ,? month:(" .. MONTHS .. ") day2:/[0-3]?\\d/(st|nd|rd|th)?",
  "(early|late|mid)? -? month:(" .. MONTHS .. ") (of )? year:/(1[0-9]|20)\\d\\d/",
  set = { iso = calendar } }
tag.date { id = "month",
  "(early|late|mid|last|next|this)? -? month:(January|February|March|April|June|July|August|September|October|November|December)",
  "(early|late|mid|last|next|this|in|since|until|by|of|from|to) [month:May]",
  set = { iso = calendar } }
tag.date { id = "numeric", "[/[12]\\d\\d\\d-[01]\\d-[0-3]\\d/]" }
tag.date { id = "weekday",
  "(earlier|last|next|this|late|early)? way:(last|next|this)? wd:(" .. DAYS .. ") (morning|afternoon|evening|night)?",
  set = { iso = weekday } }
tag.date { id = "relative", "word:(today|yesterday|tomorrow|tonight)", set = { iso = relative } }
tag.date { id = "span",
  "(last|next|this|the past|the previous|the following) (few|two|three|four|five|<num>)? (week|month|year|decade|quarter|summer|winter|spring|autumn|fall|weekend)s?",
  "(<num>|one|two|three|four|five|six|seven|eight|nine|ten|several|a few|a) (day|week|month|year|decade)s? (ago|earlier|later)",
  "(the)? (early|late|mid)? -? /(1[0-9]|20)\\d0s/",
  "in [year:/(19|20)\\d\\d/]", "(since|during|until|by|of|from|before|after|early|late) [year:/(19|20)\\d\\d/]" }

tag.time { id = "clock",
  "/\\d{1,2}([:.]\\d\\d)?/ (a.m.|p.m.|am|pm|GMT|UTC)", "/\\d{1,2}:\\d\\d/ (a.m.|p.m.|am|pm|GMT|UTC|local time)?",
  "<num> o'clock", "noon|midnight" }

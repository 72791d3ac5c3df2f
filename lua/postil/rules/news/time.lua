-- Dates and times.

local MONTHS = "January|February|March|April|May|June|July|August|September|October|November" ..
  "|December"
  .. "|Jan.?|Feb.?|Mar.?|Apr.?|Jun.?|Jul.?|Aug.?|Sept.?|Sep.?|Oct.?|Nov.?|Dec.?"
local FULL = "January|February|March|April|June|July|August|September|October|November|December"
local DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
local DAY = "/(3[01]|[12][0-9]|0?[1-9])/(st|nd|rd|th)?"
local YEAR = "/(1[0-9]|20)[0-9][0-9]/"

tag._month { id = "name", "(January|February|March|April|May|June|July|August|September|October" ..
  "|November|December)",
  yes = "in [March] or [October]", no = "a march in march time" }

tag.date { id = "calendar",
  "(wd:(" .. DAYS .. ") ,?)? day:" .. DAY .. " (of)? month:(" .. MONTHS .. ") ,? year:" .. YEAR,
  "(wd:(" .. DAYS .. ") ,?)? month:(" .. MONTHS .. ") day2:" .. DAY .. " ,? year:" .. YEAR,
  "(wd:(" .. DAYS .. ") ,?)? day:" .. DAY .. " (of)? month:(" .. MONTHS .. ")",
  "(wd:(" .. DAYS .. ") ,?)? month:(" .. MONTHS .. ") day2:" .. DAY .. " !(<num>|%)",
  "month:(" .. MONTHS .. ") day2:" .. DAY .. " (-|to|and) " .. DAY .. " (,? year:" .. YEAR .. ")?",
  "month:(" .. MONTHS .. ") (of|,)? year:" .. YEAR,
  set = { iso = p.iso },
  yes = { "on [14 March 2024 | iso=2024-03-14].", "on [March 14, 2024 | iso=2024-03-14].",
  "in [May 2023 | iso=2023-05]",
    "on [Monday, June 5], then", "from [July 3 to 7]",
    "on the [3rd of\nMay 2021 | iso=2021-05-03], a [Monday]", "[Sept. 9 | iso=] was dry" },
  no = "They may 2 things do" }
tag.date { id = "month",
  "month:(" .. FULL .. ") !<cap>",
  "(early|late|mid|last|next|this|in|since|until|by|of|from|to|during|between|and|before" ..
  "|after) -? [month:May] !<cap>",
  set = { iso = p.iso }, yes = { "in [June]", "since [May]" },
  no = { "it may rain", "June Lind slept" } }
tag.date { id = "numeric",
  "/(?<year>[12][0-9][0-9][0-9])-(?<month>[01][0-9])-(?<day>[0-3][0-9])/", set = { iso = p.iso },
  yes = "on [2024-03-14 | iso=2024-03-14] again", no = "flight 2024-73-14, call 555-03-14" }
tag.date { id = "weekday", "way:(last|next|this|earlier|late|early)? [wd:(" .. DAYS .. ")] !<cap>",
  "(on|since|until|by) way:(last|next|this|late|early)? [wd:(" .. DAYS .. ")]",
  set = { iso = p.iso }, yes = { "on [Monday] last [Tuesday]", "On [Monday] Uldra slept." },
  no = "Friday Harbor" }
tag.date { id = "relative", "yesterday|tomorrow|tonight", set = { iso = p.iso },
  yes = "It rained [yesterday]; [tomorrow] it may not.", no = "It rained the day before." }
tag.date { id = "year", "[year:/(1[5-9]|20)[0-9][0-9]/] !(-|\\/|.<num>|%|percent|per cent|s|km" ..
  "|kg|MW|tonnes|people|metres|meters|m|feet|votes|men|women|soldiers|troops|dollars|euros)",
  set = { iso = p.iso }, yes = "in [1998 | iso=1998] and [2013].",
  no = "2000 people, 1998 km, 12 votes" }
tag.date { id = "years", "[year:/(1[5-9]|20)[0-9][0-9]/ (-|\\/) /((1[5-9]" ..
  "|20)?[0-9][0-9])(?!-?[0-9])/]", set = { iso = p.iso },
  yes = "in [2014-15] and [1998-2003 | iso=1998]",
  no = "by 2100-3 votes, under section 14-15" }
tag.date { id = "decade", "/(1[0-9]|20)[0-9]0s/", yes = "in the [1990s] and the early [1870s]",
  no = "in their 90s, at 1995s and 350s" }

tag.time { id = "clock",
  "<num>(:<num>)? (a.m.|p.m.|am|pm|GMT|UTC|hours|hrs) (local time|GMT|UTC)?",
  "<num>:<num> (local time)?",
  "(<num>|<_number>) o'clock", "noon|midnight",
  yes = "at [8:30 p.m.] or [noon]", no = "8 birds" }
-- When, seen from the day of writing: no date of the calendar, but a time.
tag.time { id = "relative",
  "today|(last|next|this|past|previous|following|coming) (few|two|three|four|five|six|<num>)? " ..
  "(week|month|year|decade|quarter|summer|winter|spring|autumn|fall|weekend|days|weeks|months" ..
  "|years|decades|century)",
  "(<num>|one|two|three|four|five|six|seven|eight|nine|ten|several|a few|a|an) (day|days|week" ..
  "|weeks|month|months|year|years|decade|decades|hour|hours|minute|minutes) (ago|earlier|later)",
  yes = { "It rained [last week].", "It rained [two years ago]." }, no = "the last bird" }

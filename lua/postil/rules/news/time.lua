-- Dates and times.

local MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
  .. "|Jan.?|Feb.?|Mar.?|Apr.?|Jun.?|Jul.?|Aug.?|Sept.?|Sep.?|Oct.?|Nov.?|Dec.?"
local DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"

tag.date { id = "calendar",
  "(" .. DAYS .. ")? ,? day:<num>(st|nd|rd|th)? (of )? month:(" .. MONTHS .. ") ,? year:/(1[0-9]|20)[0-9][0-9]/",
  "(" .. DAYS .. ")? ,? month:(" .. MONTHS .. ") day2:<num>(st|nd|rd|th)? ,? year:/(1[0-9]|20)[0-9][0-9]/",
  "(" .. DAYS .. ")? ,? day:/[0-3]?[0-9]/(st|nd|rd|th)? (of )? month:(" .. MONTHS .. ")",
  "(" .. DAYS .. ")? ,? month:(" .. MONTHS .. ") day2:/[0-3]?[0-9]/(st|nd|rd|th)?",
  "(early|late|mid)? -? month:(" .. MONTHS .. ") (of )? year:/(1[0-9]|20)[0-9][0-9]/",
  set = { iso = p.iso } }
tag.date { id = "month",
  "(early|late|mid|last|next|this)? -? month:(January|February|March|April|June|July|August|September|October|November|December)",
  "(early|late|mid|last|next|this|in|since|until|by|of|from|to) [month:May]",
  set = { iso = p.iso } }
tag.date { id = "numeric", "[/[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]/]" }
tag.date { id = "weekday",
  "(earlier|last|next|this|late|early)? way:(last|next|this)? wd:(" .. DAYS .. ") (morning|afternoon|evening|night)?",
  set = { iso = p.iso } }
tag.date { id = "relative", "today|yesterday|tomorrow|tonight", set = { iso = p.iso } }
tag.date { id = "span",
  "(last|next|this|the past|the previous|the following) (few|two|three|four|five|<num>)? (week|month|year|decade|quarter|summer|winter|spring|autumn|fall|weekend)s?",
  "(<num>|one|two|three|four|five|six|seven|eight|nine|ten|several|a few|a) (day|week|month|year|decade)s? (ago|earlier|later)",
  "(the)? (early|late|mid)? -? /(1[0-9]|20)[0-9]0s/",
  "in [year:/(19|20)[0-9][0-9]/]", "(since|during|until|by|of|from|before|after|early|late) [year:/(19|20)[0-9][0-9]/]" }

tag.time { id = "clock",
  "<num>(:<num>)? (a.m.|p.m.|am|pm|GMT|UTC|hours|hrs) (local time|GMT|UTC)?", "<num>:<num> (local time)?",
  "(<num>|<_number>) o'clock", "noon|midnight" }

-- The match after its call.
--> tag 4: the match is gone
local kept
tag.x { "one", keep = function(m) if kept then local t = kept.text end kept = m error("the match is gone", 1) end }

-- A function that remembers: allowed, and what postil test warns of.
--> fine
-- text: one x 10
local n = 0
tag.x { "one", keep = function() n = n + 1 return n > 5 end, set = { y = function() return n end } }

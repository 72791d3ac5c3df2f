-- A million terms.
--> load 5: too much work | out of memory | not enough memory
local t = {}
for i = 1, 1000000 do t[i] = "term " .. i end
tag.x { terms = t }

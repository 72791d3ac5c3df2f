-- Two million terms.
--> load 4: too much work | load 4: not enough memory
local t = {}
for i = 1, 2000000 do t[i] = "term " .. i end
tag.x { terms = t }

-- A million terms.
--> load 4: too much work | load 5: too much work | load 5: out of memory | load 5: not enough memory | load 4: not enough memory
local t = {}
for i = 1, 1000000 do t[i] = "term " .. i end
tag.x { terms = t }

-- More compiled regexes than there is room for.
--> load 5: out of memory
local t = {}
for i = 1, 120000 do t[i] = "/a" .. i .. "b+/" end
tag.x(t)

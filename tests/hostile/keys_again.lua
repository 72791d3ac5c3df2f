-- pairs of a large table, again and again.
--> load 5: too much work
local t = {}
for i = 1, 100000 do t["k" .. i] = 1 end
for _ = 1, 1e9 do pairs(t) end

-- next on a table of a million slots that are all empty: each call is dear.
--> load 6: too much work
local t = {}
for i = 1, 1000000 do t[i] = 1 end
for i = 1, 1000000 do t[i] = nil end
for _ = 1, 1e9 do next(t) end

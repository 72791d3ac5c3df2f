-- A long list that moves at every step.
--> load 5: too much work
local t = {}
for i = 1, 100000 do t[i] = i end
for _ = 1, 1e9 do table.insert(t, 1, 0) end

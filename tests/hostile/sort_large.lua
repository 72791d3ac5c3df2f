-- A million numbers, with a function.
--> load 5: too much work
local t = {}
for i = 1, 1000000 do t[i] = i * 7919 % 1000003 end
table.sort(t, function(a, b) return a < b end)

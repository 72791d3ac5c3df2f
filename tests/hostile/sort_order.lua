-- A comparison that says yes to everything.
--> load 5: invalid order function | too much work | attempt to compare
local t = {}
for i = 1, 999 do t[i] = i % 7 end
table.sort(t, function() return true end)

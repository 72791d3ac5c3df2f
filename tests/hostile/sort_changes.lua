-- A comparison that empties the list meanwhile.
--> load 6: attempt to compare | invalid order | too much work | oh
local t = {}
for i = 1, 1000 do t[i] = i * 7919 % 1000 end
table.sort(t, function(a, b)
  for i = 1, 1000 do t[i] = nil end error("oh", 0)
  return a < b
end)

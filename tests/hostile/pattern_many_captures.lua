-- A thousand captures.
--> load 5: captures
local t = {}
for i = 1, 1000 do t[i] = "c" .. i .. ":a" end
tag.x(table.concat(t, " "))

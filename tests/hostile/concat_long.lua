-- A list of long strings.
--> load 5: table.concat: more than a megabyte
local t, s = {}, ("x"):rep(1000)
for i = 1, 100000 do t[i] = s end
table.concat(t)

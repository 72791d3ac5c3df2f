-- Many strings of a megabyte.
--> load 4: not enough memory
local t, s = {}, ("x"):rep(1e6)
for i = 1, 1e9 do t[i] = i .. s end

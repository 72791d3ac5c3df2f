-- Functions of C over long strings, again and again.
--> load 4: too much work | not enough memory
local s = ("x"):rep(1e6)
for _ = 1, 1e9 do s = s:upper():lower():reverse() end

-- Long equal strings are dear to compare.
--> load 5: too much work
local s = ("x"):rep(1e6)
local a, b = s .. "y", s .. "y"
for _ = 1, 1e9 do local _ = a < b or a == b end

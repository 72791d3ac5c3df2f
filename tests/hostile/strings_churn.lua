-- Long strings that are dropped at once: few instructions, much work.
--> load 4: too much work
local s = ("x"):rep(100000)
for i = 1, 1e9 do local _ = i .. s end

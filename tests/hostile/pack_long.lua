-- A pack with a long name, a thousand times.
--> load 4: too much work
local s = ("x"):rep(1e6)
for i = 1, 1e9 do pack { name = i .. s, about = s } end

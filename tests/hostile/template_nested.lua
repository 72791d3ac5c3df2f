-- Templates that double each other.
--> tag 6: too much memory
-- text: one x 1000
local set = { a0 = "$c$c$c$c$c$c$c$c$c$c" }
for i = 1, 20 do set["a" .. i] = ("$a" .. i - 1):rep(10) end
tag.x { "c:one", set = set }

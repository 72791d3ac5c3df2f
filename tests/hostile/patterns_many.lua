-- Many long patterns.
--> load 5: too much work
local pattern, t = ("a? "):rep(2000) .. "b", {}
for i = 1, 99999 do t[i] = pattern end
tag.x(t)

-- Integers at the edge of what a table takes.
--> fine
local t = {}
for _, k in ipairs { 2 ^ 31, 2 ^ 53, 2 ^ 63, -2 ^ 63, 1e308, 0.5, -1 } do t[k] = true end
for k, v in pairs(t) do assert(rawget(t, k) == v) end
assert(not pcall(rawset, t, 0 / 0, 1))
tag.x "nothing"

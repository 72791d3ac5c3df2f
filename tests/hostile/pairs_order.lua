-- An order that is the same in each run.
--> fine
local t, seen = {}, {}
for i = 1, 100 do t["k" .. i * 7919 % 101] = i end
for k in pairs(t) do seen[#seen + 1] = k end
for i = 2, #seen do assert(seen[i - 1] < seen[i]) end
assert(not pcall(pairs, { [{}] = 1 }) and not pcall(pairs, { [print or pairs] = 1 }) and not pcall(next, { [{}] = 1 }))
tag.x "nothing"

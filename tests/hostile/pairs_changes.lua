-- A table that changes while it is walked.
--> fine
local t = { a = 1, b = 2, c = 3 }
for k in pairs(t) do t[k] = nil t["x" .. k] = 1 end
assert(t.xa and t.xb and t.xc)
tag.x "nothing"

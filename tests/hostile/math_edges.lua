-- The edges of arithmetic.
--> fine
assert(math.floor(1e300) == 1e300 and math.huge > 2 ^ 1023 and math.max(1, 2, 3) == 3)
local ok = pcall(math.fmod, 1, 0)
assert(ok == true or ok == false)
assert(not pcall(math.floor, {}) and not pcall(math.max))
tag.x "nothing"

-- Numbers from strings of any length, in any base.
--> fine
assert(tonumber(("9"):rep(400)) == math.huge or tonumber(("9"):rep(400)) == nil)
assert(tonumber("1e99999") == math.huge and tonumber("0x") == nil and tonumber("1,5") == nil)
assert(not pcall(tonumber, "1", 99) and tonumber("zz", 36) == 1295)
tag.x "nothing"

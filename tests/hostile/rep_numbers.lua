-- Counts that are no counts.
--> fine
assert(("x"):rep(-1) == "" and ("x"):rep(0) == "" and ("x"):rep(0.5) == "")
assert(not pcall(string.rep, "x", math.huge) and not pcall(string.rep, "x", 2 ^ 63))
assert(not pcall(string.rep, "x", -(0 / 0)) or ("x"):rep(-(0 / 0)) == "")
tag.x "nothing"

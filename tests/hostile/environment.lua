-- The environment as a value.
--> fine
_G._G = nil
_G.x = 1
assert(x == 1 and rawget(_G or {}, "os") == nil)
tag.x "nothing"

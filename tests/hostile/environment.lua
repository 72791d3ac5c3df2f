-- The environment as a value.
--> fine
_G.x = 1
assert(x == 1 and rawget(_G, "os") == nil and _G._G == _G)
_G._G, _G = nil
tag.x "nothing"

-- Places outside of a string.
--> fine
assert(("abc"):sub(-1e9, 1e9) == "abc" and ("abc"):sub(3, 1) == "" and ("abc"):byte(1e9) == nil)
assert(("abc"):find("b", -1e9) == 2 and ("abc"):find("b", 1e9) == nil and ("abc"):find("", 4) == 4)
tag.x "nothing"

-- A test that is a table in itself.
--> load 5: 
local t = {}
t[1] = t
tag.x "nothing"
test "deep" { text = "one", x = { t } }

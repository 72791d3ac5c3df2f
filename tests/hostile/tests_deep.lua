-- A test that is a table in itself; the test fails, the rules are good.
--> fine
local t = {}
t[1] = t
tag.x "nothing"
test "deep" { text = "one", x = { t } }

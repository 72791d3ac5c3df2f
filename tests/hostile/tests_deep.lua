-- A test that is a table in itself.
--> load 6: a span of a test
local t = {}
t[1] = t
tag.x "nothing"
test "deep" { text = "one", x = { t } }

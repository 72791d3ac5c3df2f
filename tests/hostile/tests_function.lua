-- A test that wants a function; the test fails, the rules are good.
--> fine
tag.x "nothing"
test "odd" { text = "one", x = { function() end } }

-- A test that wants a function.
--> load 4: a span of a test
tag.x "nothing"
test "odd" { text = "one", x = { function() end } }

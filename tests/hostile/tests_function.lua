-- A test that wants a function.
--> load 4: 
tag.x "nothing"
test "odd" { text = "one", x = { function() end } }

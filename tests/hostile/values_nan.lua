-- A value that is no number.
--> load 3: 
tag.x { "one", set = { y = 0 / 0 } }

-- A value without end.
--> load 3: 
tag.x { "one", set = { y = math.huge } }

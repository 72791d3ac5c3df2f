-- A value without end.
--> load 3: set.y has a value that is a number that is infinite or none
tag.x { "one", set = { y = math.huge } }

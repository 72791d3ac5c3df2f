-- A value without end.
--> load 3: set.y is a number that is infinite or none
tag.x { "one", set = { y = math.huge } }

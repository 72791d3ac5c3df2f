-- A value that is no number.
--> load 3: set.y has a value that is a number that is infinite or none
tag.x { "one", set = { y = 0 / 0 } }

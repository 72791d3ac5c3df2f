-- A map to what is no number.
--> load 3: set.y maps 'one' to a value that is a number that is infinite or none
tag.x { "c:one", set = { y = { from = "c", map = { one = -math.huge } } } }

-- A pattern at infinity.
--> load 3: a pattern under number
tag.x { "one", [math.huge] = "two" }

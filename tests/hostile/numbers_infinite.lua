-- A pattern at infinity.
--> load 3: 
tag.x { "one", [math.huge] = "two" }

-- A map to what is no number.
--> load 3: 
tag.x { "c:one", set = { y = { from = "c", map = { one = -math.huge } } } }

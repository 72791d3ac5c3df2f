-- Lines without end.
--> load 3: option 'lines' must be a whole number
block.x { "one", lines = 2 ^ 53 }

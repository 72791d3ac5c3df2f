-- Patterns at places that are none.
--> load 3: a pattern under number
tag.x { "one", [1.5] = "two" }

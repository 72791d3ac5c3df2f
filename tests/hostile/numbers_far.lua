-- A pattern far out is none.
--> load 3: a pattern under number
tag.x { "one", [2 ^ 60] = "two" }

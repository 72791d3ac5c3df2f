-- A pattern far out is none.
--> load 3: 
tag.x { "one", [2 ^ 60] = "two" }

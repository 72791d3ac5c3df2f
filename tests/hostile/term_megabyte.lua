-- A term of a megabyte.
--> load 3: 
tag.x { terms = { ("a"):rep(1e6) } }

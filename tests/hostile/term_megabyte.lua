-- A term of a megabyte.
--> fine
tag.x { terms = { ("a"):rep(1e6) } }

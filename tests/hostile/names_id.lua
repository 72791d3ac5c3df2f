-- A rule whose name has a line of its own.
--> load 3: 
tag.x { "one", id = "a\nother.lua:1: fine\27[31m" }

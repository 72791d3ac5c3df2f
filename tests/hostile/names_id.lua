-- A rule whose name has a line of its own.
--> load 3: an id has at most 64 bytes
tag.x { "one", id = "a\nother.lua:1: fine\27[31m" }

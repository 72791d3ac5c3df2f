-- An attribute with a newline.
--> load 3: is no name of an attribute
tag.x { "one", set = { ["a\nb"] = 1 } }

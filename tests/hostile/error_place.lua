-- An error that names another file.
--> load : other.lua:7: not here
error("other.lua:7: not here", 0)

-- A value of a megabyte.
--> tag 3: this returned a string of more than 64 KiB
tag.x { "one", set = { y = function() return ("x"):rep(1e6) end } }

-- A value of a megabyte.
--> tag 3: a string of more than 65536 bytes
tag.x { "one", set = { y = function() return ("x"):rep(1e6) end } }

-- A value that is a table.
--> tag 3: returned a table
tag.x { "one", set = { y = function() return {} end } }

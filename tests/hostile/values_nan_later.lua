-- A value that a function makes, and that is no number.
--> tag 3: returned a number that is infinite or none
tag.x { "one", set = { y = function() return 0 / 0 end } }

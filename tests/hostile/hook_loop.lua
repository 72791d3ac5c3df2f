-- A function that does not end.
--> tag 3: too much work
tag.x { "one", keep = function() while true do end end }

-- A function that catches the end.
--> tag 3: too much work
tag.x { "one", keep = function() while true do pcall(function() while true do end end) end end }

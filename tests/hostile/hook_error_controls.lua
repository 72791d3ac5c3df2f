-- A function that fails with controls.
--> tag 3: a?[31m b
tag.x { "one", keep = function() error("a\27[31m\nb") end }

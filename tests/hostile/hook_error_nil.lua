-- A function that fails with nothing.
--> tag 3: error object is a nil
tag.x { "one", keep = function() error(nil) end }

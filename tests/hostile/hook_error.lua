-- A function that fails with a table.
--> tag 3: error object is a table
tag.x { "one", keep = function() error({}) end }

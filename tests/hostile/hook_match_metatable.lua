-- The match given another metatable.
--> tag 3: setmetatable: a table is wanted
tag.x { "one", keep = function(m) setmetatable(m, {}) end }

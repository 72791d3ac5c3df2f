-- A list of terms without end.
--> load 3: too much work | fine
tag.x { terms = setmetatable({}, { __index = function() return "one" end }) }

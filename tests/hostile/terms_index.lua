-- A list of terms without end.
--> load 3: there is no table | too much work | fine
tag.x { terms = setmetatable({}, { __index = function() return "one" end }) }

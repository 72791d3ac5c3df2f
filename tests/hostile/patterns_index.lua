-- Patterns that are made when they are asked for.
--> load 3: nothing to look for
tag.x(setmetatable({}, { __index = function(_, k) return "a" .. tostring(k) end }))

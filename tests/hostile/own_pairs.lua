-- An order of one's own for pairs.
--> load 3: setmetatable: __pairs is not allowed in a rule file
setmetatable({}, { __pairs = function() return function() return 1 end end })

-- Work left for the end of a block.
--> load 3: setmetatable: __close is not allowed in a rule file
setmetatable({}, { __close = function() while true do end end })

-- An error that is a table with a __tostring that loops.
--> load 3: error object is a table
error(setmetatable({}, { __tostring = function() while true do end end }))

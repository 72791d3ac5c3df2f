-- A list that is a function without end.
--> load 3: too much work
local t = setmetatable({}, { __index = function() while true do end end })
table.concat(t, "", 1, 10)

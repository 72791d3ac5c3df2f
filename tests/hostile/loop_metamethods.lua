-- Each operator calls the next.
--> load 4: stack overflow | too much work | C stack
local o
o = setmetatable({}, { __add = function(a, b) return a .. b end, __concat = function(a, b) return a + b end })
return o + o

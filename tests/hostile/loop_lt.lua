-- A comparison that compares itself.
--> load 4: stack overflow | too much work | C stack
local meta = {}
meta.__lt = function(a, b) return a < b end
return setmetatable({}, meta) < setmetatable({}, meta) or nil < nil

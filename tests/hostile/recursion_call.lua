-- Calls without end through __call.
--> load 4: stack overflow | C stack | too much work
local o
o = setmetatable({}, { __call = function(self) return (self()) end })
o()

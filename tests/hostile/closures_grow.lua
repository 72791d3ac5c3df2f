-- A chain of functions.
--> load 4: not enough memory
local f
while true do local g = f f = function() return g end end

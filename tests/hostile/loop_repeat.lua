-- repeat ... until false, with closures made on the way.
--> load 4: too much work
local f
repeat f = function() return f end until false

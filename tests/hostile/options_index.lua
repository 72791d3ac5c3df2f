-- Options that change while they are read.
--> load 6: set.y needs from = a capture's name
local n = 0
local map = setmetatable({ map = {} }, { __index = function() n = n + 1 return n == 1 and "c" or n end })
tag.w "c:one"
tag.x { "c:one", set = { y = map } }

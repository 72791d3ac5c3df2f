-- A recipe that changes while it is read.
--> load 4: 
local n = 0
local recipe = setmetatable({ "$name" }, { __index = function() n = n + 1 while n > 5 do end return n end })
tag.x { terms = each("big", recipe), set = { y = recipe } }

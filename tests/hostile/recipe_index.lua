-- A recipe that changes while it is read.
--> load 5: set.y knows from and map
local n = 0
local recipe = setmetatable({ "$name" }, { __index = function() n = n + 1 while n > 5 do end return n end })
tag.x { terms = each("big", recipe), set = { y = recipe } }

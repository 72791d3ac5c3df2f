-- A hundred thousand tables that look in each other.
--> load 5: '__index' chain too long | loop in gettable | stack overflow | too much work
local t = {}
for _ = 1, 100000 do t = setmetatable({}, { __index = t }) end
local x = t.x

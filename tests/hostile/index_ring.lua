-- A table that looks in itself.
--> load 7: '__index' chain too long | loop in gettable | stack overflow
local t, meta = {}, {}
local u = setmetatable({}, { __index = t })
t.x = 1
setmetatable(t, { __index = u })
local y = t.y

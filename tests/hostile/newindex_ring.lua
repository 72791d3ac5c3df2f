-- A table that writes to itself.
--> load 6: '__newindex' chain too long | loop in settable | stack overflow
local t = {}
local u = setmetatable({}, { __newindex = t })
setmetatable(t, { __newindex = u })
t.y = 1

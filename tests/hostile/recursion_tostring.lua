-- __tostring that asks tostring.
--> load 4: stack overflow | C stack | too much work
local o
o = setmetatable({}, { __tostring = function(self) return "<" .. tostring(self) .. ">" end })
local s = ("%s"):format(o)

-- An equality that asks itself.
--> load 3: stack overflow | too much work | C stack
local function eq(a, b) return not (a ~= b) end
local meta = { __eq = eq }
local a, b = setmetatable({}, meta), setmetatable({}, meta)
meta.x = a == b

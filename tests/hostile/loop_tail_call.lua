-- Calls without end that need no stack.
--> load 3: too much work
local function f() return f() end f()

-- Calls without end through pcall, each caught and tried again.
--> load 3: stack overflow | too much work | C stack
local function f() pcall(f) f() end f()

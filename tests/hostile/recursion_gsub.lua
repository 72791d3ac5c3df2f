-- A replacement that replaces.
--> load 3: stack overflow | C stack | too much work
local function f(s) return (s:gsub(".", f)) end f("x")

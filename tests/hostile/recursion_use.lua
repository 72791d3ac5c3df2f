-- A file that cannot be found, by a function that calls itself when it fails.
--> load 3: stack overflow | C stack | too much work
local function f(n) local ok = pcall(use, "none" .. n) if not ok then return 1 + f(n + 1) end end f(1)

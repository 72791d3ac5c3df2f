-- A file that cannot be found, by a function that calls itself when it fails.
--> load 3: use: there is no pack 'none1'
local function f(n) local ok = pcall(use, "none" .. n) if not ok then return 1 + f(n + 1) end end f(1)

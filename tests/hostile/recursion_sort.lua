-- A comparison that sorts.
--> load 4: stack overflow | C stack | too much work
local t = { 3, 1, 2 }
local function less(a, b) table.sort({ 2, 1 }, less) return a < b end
table.sort(t, less)

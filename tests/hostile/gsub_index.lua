-- A table of replacements that loops.
--> load 3: too much work
local t = setmetatable({}, { __index = function() while true do end end })
local s = ("x"):gsub("x", t)

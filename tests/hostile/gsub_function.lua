-- A replacement that never comes.
--> load 3: too much work
local s = ("x"):rep(10):gsub("x", function() while true do end end)

-- A loop in the handler of an error, where Lua has no hooks.
--> load 3: too much work
xpcall(function() while true do end end, function() while true do end end)

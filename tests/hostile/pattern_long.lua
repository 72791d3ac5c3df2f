-- A pattern of a megabyte.
--> load 3: too much work | too complex | malformed
local x = ("a"):rep(1000):find(("a?"):rep(5e5) .. "b")

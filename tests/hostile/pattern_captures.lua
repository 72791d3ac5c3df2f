-- More captures than there are.
--> load 3: too many captures
local x = ("a"):find(("("):rep(1000) .. "a" .. (")"):rep(1000))

-- A replacement that is longer than what it replaces.
--> load 3: not enough memory
local s = ("x"):rep(1e5):gsub("x", ("y"):rep(1e5))

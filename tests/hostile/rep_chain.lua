-- A long string in two calls.
--> load 3: string.rep: more than a megabyte
local s = ("x"):rep(1e6):rep(1e6)

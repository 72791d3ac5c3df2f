-- A long string in one call.
--> load 3: string.rep: more than a megabyte
local s = ("x"):rep(1e9)

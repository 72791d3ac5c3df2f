-- A long string of separators.
--> load 3: string.rep: more than a megabyte
local s = (""):rep(1e5, ("x"):rep(1e5))

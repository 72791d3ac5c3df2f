-- All bytes of a long string as values.
--> load 4: string slice too long | stack overflow | too many results | not enough memory
local s = ("x"):rep(1e6)
local t = { s:byte(1, -1) }

-- Long arguments, many times.
--> fine
local s = ("x"):rep(1e6)
local t = ("%s"):rep(200):format(unpack({ s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s }, 1, 200))

-- Long arguments, many times.
--> load 4: not enough memory | too much work | more than a megabyte
local s = ("x"):rep(1e6)
local t = ("%s"):rep(200):format(unpack({ s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s }, 1, 200))

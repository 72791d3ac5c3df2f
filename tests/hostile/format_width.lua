-- A number as wide as a house.
--> load 3: invalid conversion | invalid format | invalid option | too long
local s = ("%99999d"):format(1)

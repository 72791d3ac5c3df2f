-- A number as long as a street.
--> load 3: invalid conversion | invalid format | invalid option | too long
local s = ("%.99999f"):format(1)

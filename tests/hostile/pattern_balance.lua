-- Brackets that never balance, from everywhere.
--> load 3: too much work
local x = ("("):rep(1e6):find("%b()")

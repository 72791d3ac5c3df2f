-- A mistake among controls.
--> load 3: unexpected symbol
local x = = "[31m"

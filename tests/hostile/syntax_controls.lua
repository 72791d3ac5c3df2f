-- A mistake among controls.
--> load 3: 
local x = = "[31m"

-- Formats that differ between Luas, and one that is none.
--> load 3: invalid | cannot have modifiers | %
local s = ("%y"):format(1)

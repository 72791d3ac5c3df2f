-- Dots.
--> load 3: is no name of a table
local rows = read ".."

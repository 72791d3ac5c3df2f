-- A name with a zero in it.
--> load 3: is no name of a table
local rows = read "iso_3166-1\0.tsv"

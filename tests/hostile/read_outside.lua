-- A file elsewhere.
--> load 3: '../../etc/passwd' is no name of a table
local rows = read "../../etc/passwd"

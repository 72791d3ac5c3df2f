-- A list of a billion.
--> load 3: table.concat: more than a million elements
table.concat({}, "", 1, 1e9)

-- A place far out.
--> load 3: table.insert: position out of bounds
table.insert({}, 2 ^ 40, 1)

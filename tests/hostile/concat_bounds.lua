-- From minus infinity to nowhere.
--> load 4: table.concat
pcall(table.concat, {}, "", 0 / 0, 0 / 0)
table.concat({}, "", -math.huge, 1)

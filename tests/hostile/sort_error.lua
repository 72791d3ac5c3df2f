-- A comparison that fails.
--> load 3: never
table.sort({ 3, 2, 1 }, function() error "never" end)

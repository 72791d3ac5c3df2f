-- A loop without end.
--> load 3: too much work
while true do end

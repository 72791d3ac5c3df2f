-- Rules that need each other, without end.
--> load 3: too much work
for i = 1, 1e9 do tag["x" .. i]("<x" .. i + 1 .. ">") end

-- A ring of a thousand labels.
--> load 3: these labels need each other
for i = 1, 1000 do tag["x" .. i]("<x" .. i % 1000 + 1 .. "> a") end

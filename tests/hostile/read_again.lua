-- A table read again and again.
--> load 3: too much work | not enough memory
for _ = 1, 1e9 do pcall(read, "big") end

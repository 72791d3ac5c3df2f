-- A hundred thousand rules.
--> load 3: too much work | out of memory | not enough memory
for i = 1, 100000 do tag["x" .. i]("one") end

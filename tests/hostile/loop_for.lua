-- A loop that counts to infinity.
--> load 3: too much work
for i = 1, math.huge do local _ = i end

-- An iterator that never ends.
--> load 3: too much work
for _ in function() return 1 end do end

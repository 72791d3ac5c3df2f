-- A loop that does not step: an error in Lua 5.4, endless before.
--> load 3: too much work | 'for' step is zero | fine
for i = 1, 2, 0 do local _ = i end

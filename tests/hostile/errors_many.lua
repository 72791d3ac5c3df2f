-- Ten thousand mistakes.
--> load 3: unknown option 'befor' (did you mean 'before'?)
for i = 1, 10000 do tag.x { "a", befor = "b" } end

-- Three thousand labels on every word.
--> tag 4: too much memory
-- text: one two three x 4000
for i = 1, 3000 do tag["x" .. i]("one|two|three") end

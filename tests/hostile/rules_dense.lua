-- Three thousand labels on every word.
--> fine | tag : too much memory
-- text: one two three x 4000
for i = 1, 3000 do tag["x" .. i]("<word>") end

-- Five hundred rules that all claim the same words.
--> fine | tag : too much memory
-- text: one two three x 500
for i = 1, 500 do tag.x { "one two|<word> three", prio = i, id = "r" .. i } end

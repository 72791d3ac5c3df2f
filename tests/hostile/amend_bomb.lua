-- Amend rules that may come from anywhere in the paragraph.
--> limit | fine
-- text: one two x 4000
tag.x "one"
for i = 1, 50 do amend.x { "w:(one|two) ... (one|two) ... (two|one) ... [<x>] three", set = { ["a" .. i] = "$w" } } end

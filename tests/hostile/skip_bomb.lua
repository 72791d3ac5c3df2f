-- A pattern that may skip from everywhere to everywhere.
--> limit | fine
-- text: one two x 8000
tag.x "one ... (one|two) ... (two|one) ... (one|two) ... three"

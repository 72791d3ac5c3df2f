-- Skips in repeats in skips.
--> limit | fine | load 4: 
-- text: one, x 6000
tag.x "one (... , ){1,20} ... (... , ){1,20} two"

-- A regex that takes everything, from every start.
--> limit | fine
-- text: one two x 4000
tag.x [[/o[\s\S]*?three/]]

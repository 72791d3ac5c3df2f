-- A regex that calls itself first.
--> limit | fine | load 4: 
-- text: aaaa x 1000
tag.x [[/((?1)|a)b/]]

-- A reference back to what may be long.
--> limit | fine | load 4: 
-- text: abcabcabcabcabcabc x 1000
tag.x [[/(\w+)(\w+)\1\2\1x/]]

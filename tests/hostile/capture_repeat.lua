-- A capture that is repeated without end.
--> limit | fine | load 4: 
-- text: one x 6000
tag.x "names:(<word> ,?)+ (<word> ,?)+ (<word> ,?)+ two"

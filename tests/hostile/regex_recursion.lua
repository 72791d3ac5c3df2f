-- A regex that calls itself.
--> limit | fine | load 4: 
-- text: ((((((((((((((((((((((((((((((((((((((((((((( x 200
tag.x [[/(\((?1)*\))|x(?R)?y/]]

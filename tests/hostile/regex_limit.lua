-- A limit that the regex itself sets lower.
--> limit | load 4: 
-- text: aaaaaaaaaaaaaaaa x 20
tag.x [[/(*LIMIT_MATCH=10)(a+)+b/]]

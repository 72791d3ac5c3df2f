-- A limit that the regex itself sets lower.
--> load 4: verbs such as (*FAIL) are not taken
-- text: aaaaaaaaaaaaaaaa x 20
tag.x [[/(*LIMIT_MATCH=10)(a+)+b/]]

-- Options that would switch checks off or limits up.
--> load 3: verbs such as (*FAIL) are not taken
tag.x [[/(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)(*LIMIT_HEAP=4000000000)(a+)+b/]]

-- What a newline is, decided by a pattern.
--> load 3: verbs such as (*FAIL) are not taken
tag.x [[/(*ANYCRLF)a.b/]]

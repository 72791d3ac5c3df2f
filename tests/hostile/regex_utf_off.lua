-- UTF switched off.
--> load 3: verbs such as (*FAIL) are not taken
tag.x [[/(*NO_UTF_CHECK)a/]]

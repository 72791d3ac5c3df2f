-- Verbs that steer the search.
--> load 3: verbs such as (*FAIL) are not taken
tag.x [[/a(*COMMIT)b|(*SKIP)(*ACCEPT)/]]

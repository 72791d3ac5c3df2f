-- UTF switched off.
--> load 3: 
tag.x [[/(*NO_UTF_CHECK)a/]]

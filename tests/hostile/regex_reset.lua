-- \K in a look ahead moves the start behind the end.
--> load 3: \K
tag.x [[/(?=ab\K)a/]]

-- \K in a look ahead moves the start behind the end.
--> load 3: \K is not allowed in lookarounds
tag.x [[/(?=ab\K)a/]]

-- A regex that is no UTF-8.
--> load 3: this pattern is no UTF-8 here
tag.x "/a\255/"

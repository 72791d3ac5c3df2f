-- A regex that is no UTF-8.
--> load 3: UTF-8
tag.x "/a\255/"

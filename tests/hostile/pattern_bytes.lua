-- A pattern that is no UTF-8.
--> load 3: UTF-8
tag.x "one \255\254"

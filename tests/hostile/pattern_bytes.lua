-- A pattern that is no UTF-8.
--> load 3: this pattern is no UTF-8 here
tag.x "one \255\254"

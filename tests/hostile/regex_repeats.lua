-- Nested repeats.
--> load 3: regular expression is too large
tag.x "/(((a{1,999}){1,999}){1,999})/"

-- Everything is to be ignored.
--> fine
-- text: one x 1000
tag.x "one"
ignore "x"
tag.y "two"

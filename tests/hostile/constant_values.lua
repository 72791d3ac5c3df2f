-- A long constant for each of many tags.
--> load 4: set.y has a value that has more than 65536 bytes
-- text: one x 20000
tag.x { "one", set = { y = ("x"):rep(1000000) } }

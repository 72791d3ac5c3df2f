-- A template that is longer than what it takes.
--> tag 4: too much memory
-- text: one x 20000
tag.x { "c:one", set = { y = ("$c "):rep(10000) } }

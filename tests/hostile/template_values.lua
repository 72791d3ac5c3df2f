-- A template that is longer than what it takes.
--> fine | tag : too much memory | load 4: 
-- text: one x 20000
tag.x { "c:one", set = { y = ("$c "):rep(10000) } }

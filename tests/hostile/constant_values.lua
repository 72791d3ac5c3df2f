-- A long constant for each of many tags.
--> fine | tag : too much memory | load 4: 
-- text: one x 20000
tag.x { "one", set = { y = ("x"):rep(1000000) } }

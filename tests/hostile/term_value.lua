-- Terms with long values, on many words.
--> fine | tag : too much memory | load 5: 
-- text: one x 20000
local value = ("v"):rep(1000000)
tag.x { terms = { { "one", a = value } } }

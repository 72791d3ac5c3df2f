-- Terms with long values, on many words.
--> load 5: entry 1 of terms sets 'a' to a value that has more than 65536 bytes
-- text: one x 20000
local value = ("v"):rep(1000000)
tag.x { terms = { { "one", a = value } } }

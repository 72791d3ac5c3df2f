-- A long value for each of many tags.
--> tag 4: too much memory
-- text: one x 20000
tag.x { "one", set = { y = function(m) return m.text .. ("x"):rep(60000) end } }

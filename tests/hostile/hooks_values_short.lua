-- Many short values are fine.
--> fine
-- text: one x 20000
tag.x { "one", set = { y = function(m) return m.text end } }

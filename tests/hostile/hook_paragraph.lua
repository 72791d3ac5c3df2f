-- The paragraph copied again and again.
--> tag 4: too much work
-- text: one x 6000
tag.x { "one", keep = function(m) for _ = 1, 1e9 do local s = m.paragraph .. "x" end end }

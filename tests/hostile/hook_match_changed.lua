-- The match changed.
--> tag 3: m cannot be changed
tag.x { "one", keep = function(m) m.text = "two" end }

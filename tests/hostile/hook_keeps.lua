-- A function that keeps what it sees.
--> tag 5: not enough memory
-- text: one x 4000
local kept = {}
tag.x { "one", keep = function(m) kept[#kept + 1] = m.text .. ("x"):rep(100000) .. #kept return true end }

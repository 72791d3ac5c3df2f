-- __gc put into the metatable afterwards.
--> fine
local meta = {}
local o = setmetatable({}, meta)
meta.__gc = function() while true do end end
o = nil
for _ = 1, 1000 do o = { o } end
tag.x "nothing"

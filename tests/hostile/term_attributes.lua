-- A term with a thousand attributes.
--> load 5: attributes
local t = { "one" }
for i = 1, 1000 do t["a" .. i] = i end
tag.x { terms = { t } }

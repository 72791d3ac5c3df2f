-- A thousand attributes.
--> load 5: a rule sets at most 64 attributes
local set = {}
for i = 1, 1000 do set["a" .. i] = i end
tag.x { "one", set = set }

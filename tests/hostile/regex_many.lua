-- A hundred dear regexes over a text of one paragraph.
--> limit
-- text: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x 900
local t = {}
for i = 1, 100 do t[i] = "/(?:a|a|b){" .. i + 10 .. "}[xy]/" end
tag.x(t)

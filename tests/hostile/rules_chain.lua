-- Two thousand labels, each of which needs the next.
--> fine
for i = 1, 2000 do tag["x" .. i]("(one|<x" .. i + 1 .. ">)") end
tag.x2001 "two"

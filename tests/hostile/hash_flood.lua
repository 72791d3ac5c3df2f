-- Strings that older Luas put into one chain: they look at some of the bytes only.
--> fine | load 4: too much work
local t, pad = {}, ("x"):rep(64)
for i = 1, 30000 do t[i .. pad .. i % 7 .. pad] = i end
tag.x "nothing"

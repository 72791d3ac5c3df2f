-- Terms of many words.
--> load 5: too much work
local t, s = {}, ("word "):rep(6000)
for i = 1, 1e5 do t[i] = s end
tag.x { terms = t }

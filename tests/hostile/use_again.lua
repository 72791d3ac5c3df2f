-- A pack used a thousand times is loaded once.
--> fine
for _ = 1, 1000 do use "news/number" end
tag.x "nothing"

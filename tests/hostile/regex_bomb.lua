-- (a+)+$
--> limit
-- text: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! x 40
tag.x [=[/(?:a+)+[b$]/]=]

-- Looks ahead inside looks ahead.
--> limit | fine
-- text: one x 6000
tag.x "&(<word>{1,30} !(<word>{1,30} &(<word>{1,30} two))) one"

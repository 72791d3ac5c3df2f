-- Repeats of choices that all fit.
--> limit | fine
-- text: one x 6000
tag.x "((one|<word>|one one){1,8}){1,8} ((one|<word>|one one){1,8}){1,8} three"

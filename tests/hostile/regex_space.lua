-- Runs of white space that end with none.
--> limit | fine
-- text: a                                                                   b x 2000
tag.x [[/a\s+$/]]

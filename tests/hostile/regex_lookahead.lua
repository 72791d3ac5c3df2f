-- A look ahead to the end, from every start.
--> limit | fine
-- text: aaaaaaa bbbbbbb x 2000
tag.x [[/a(?=[\s\S]*c)/]]

-- Little work from each start, but from every start.
--> limit | fine
-- text: aaaaaaaaaaaaaaaaaaa x 3000
tag.x [[/(?:a|a){15}[xy]/]]

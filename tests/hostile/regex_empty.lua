-- A regex that takes nothing.
--> load 3: can match nothing | empty | matches nothing | fine
tag.x [[/x*/]]

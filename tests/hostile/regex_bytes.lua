-- \C looks into a character.
--> load 3: \C
tag.x [[/a\Cb/]]

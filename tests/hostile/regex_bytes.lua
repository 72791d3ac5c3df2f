-- \C looks into a character.
--> load 3: \C would split a character
tag.x [[/a\Cb/]]

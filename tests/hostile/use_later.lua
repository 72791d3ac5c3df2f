-- A pack loaded while a text is tagged.
--> tag 3: nothing can be read now
tag.x { "one", keep = function() use "news" end }

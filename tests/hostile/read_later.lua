-- A file read while a text is tagged.
--> tag 3: nothing can be read now
tag.x { "one", keep = function() return read "big" end }

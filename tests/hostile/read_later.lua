-- A file read while a text is tagged.
--> tag 3: rules cannot be made while a text is tagged
tag.x { "one", keep = function() return read "big" end }

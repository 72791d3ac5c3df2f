-- A rule made while a text is tagged.
--> tag 3: 
tag.x { "one", keep = function() tag.y "one" return true end }

-- What all files share, replaced; a good file after this one does not see it.
--> fine
p.utf8.len = function() return 7 end
p.utf8, p.number, p.esc = nil
string.upper = function() return "no" end
rawset(tag, "word", function() error "never" end)
tag.x "nothing"

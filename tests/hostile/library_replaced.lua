-- What all files share is not to be changed by one.
--> load 4: 
local before = p.utf8.len
p.utf8.len = function() return 7 end
assert(p.utf8.len == before, "p.utf8 was changed")

-- A table that lies about its length.
--> load 3: setmetatable: __len is not allowed in a rule file
setmetatable({}, { __len = function() return 2 ^ 40 end })

-- Options of quotes that are made when they are asked for: only those that are there count.
--> fine
quotes(setmetatable({}, { __index = function(_, k) return k == "cue" and {} or ("x"):rep(1e6) end }))
tag.x "nothing"

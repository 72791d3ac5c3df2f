-- Options of quotes that are made when asked for.
--> load 3: 
quotes(setmetatable({}, { __index = function(_, k) return k == "cue" and {} or ("x"):rep(1e6) end }))

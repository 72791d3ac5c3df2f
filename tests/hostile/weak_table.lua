-- A weak table shows when the collector runs.
--> load 3: setmetatable: __mode is not allowed in a rule file
setmetatable({}, { __mode = "k" })

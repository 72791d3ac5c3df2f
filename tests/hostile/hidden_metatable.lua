-- A metatable with a lock.
--> load 3: setmetatable: __metatable is not allowed in a rule file
setmetatable({}, { __metatable = false })

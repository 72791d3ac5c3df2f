-- The metatable of strings.
--> load 3: attempt to call
getmetatable("").__index = nil

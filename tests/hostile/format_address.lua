-- An address of memory.
--> load 3: string.format: %p is not allowed
local s = ("%p"):format({})

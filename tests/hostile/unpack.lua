-- More values than a stack has.
--> load 3: more than 200 values
local t = { unpack({}, 1, 1e8) }

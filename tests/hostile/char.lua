-- More values than a stack has.
--> load 4: more than 200 values
local t = {}
string.char(unpack(t, 1, 1e7))

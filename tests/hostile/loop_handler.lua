-- An error in the handler of an error, for ever.
--> load 3: too much work | error in error handling | stack overflow
local function again(words) return select(2, xpcall(error, again, words)) end
while true do xpcall(error, again, "x") end

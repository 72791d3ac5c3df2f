-- An iterator that is asked again after its error.
--> load 4: too much work | too complex
local next_one = (("a"):rep(300000)):gmatch(("a-"):rep(30) .. "b")
while true do pcall(next_one) end

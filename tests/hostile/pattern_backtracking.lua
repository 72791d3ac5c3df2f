-- A pattern of Lua with many ways to fail.
--> load 4: too much work
local s = ("x"):rep(1e6)
local x = s:find(".-.-.-.-b")

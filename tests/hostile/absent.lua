-- What reaches outside is not there.
--> fine
local names = { "io", "os", "debug", "package", "require", "jit", "ffi", "bit", "coroutine", "load",
  "loadstring", "loadfile", "dofile", "collectgarbage", "newproxy", "getfenv", "setfenv", "getmetatable",
  "module", "print", "gcinfo", "postil", "utf8", "bit32", "arg", "warn" }
for _, name in ipairs(names) do assert(_G[name] == nil, name) end
assert(string.dump == nil and math.random == nil and math.randomseed == nil and table.move == nil)
assert(("").dump == nil and ("").packsize == nil and ("").pack == nil)
tag.x "nothing"

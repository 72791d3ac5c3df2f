-- Patterns that stop in the middle.
--> load 6: malformed pattern
for _, bad in ipairs { "[", "[^", "%", "(", "%b", "%f", "[a-", "%1", "[%", "%g(" } do
  assert(not pcall(string.find, "abc", bad), bad)
end
local x = ("a"):gsub("[a", "")

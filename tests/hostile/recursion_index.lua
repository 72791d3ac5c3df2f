-- Calls without end through __index.
--> load 4: stack overflow | C stack
local function f()
  return setmetatable({}, { __index = function(_, k) return f()[k] end })
end
local x = f().a

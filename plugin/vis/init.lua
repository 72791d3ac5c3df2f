-- init.lua - the door to vis: finds the Lua files and the module, of a checkout in which `make` was
-- run or below the prefix where they were installed, and hands on what lua/postil/vis has.
--
--   local postil = require "plugins/postil"     in visrc.lua; README.md beside this file tells all
if not vis then return end -- Neovim reads all that lies below plugin

local abi = _VERSION:match "%d+%.%d+"
local folder = debug.getinfo(1, "S").source:match "^@(.*)/[^/]*$"

local function is_file(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

-- Where postil's own files may lie, from this folder: Lua files, module.
local PLACES = {
  { "/../../lua", "/../../build/" .. abi },
  { "/../../../lua/" .. abi, "/../../../../lib/lua/" .. abi },
}

for _, place in ipairs(folder and PLACES or {}) do
  local lua, module = folder .. place[1], folder .. place[2]
  if is_file(lua .. "/postil/vis/init.lua") and is_file(module .. "/postil/core.so") then
    package.path = ("%s/?.lua;%s/?/init.lua;%s"):format(lua, lua, package.path)
    package.cpath = ("%s/?.so;%s"):format(module, package.cpath)
    break
  end
end

return require "postil.vis"

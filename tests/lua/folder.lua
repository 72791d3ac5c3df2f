-- folder.lua - files of a test.
--
--   local path, write = folder(finally, { ["a.lua"] = "..." })   a folder that is gone after the test
--   write(name, text)                                            changes a file; nil removes it
--
-- finally: busted's, which only the test itself sees.

return function(finally, files)
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir -p " .. path .. "/pack"))
  finally(function() os.execute("rm -rf " .. path) end)
  local function write(name, text)
    if not text then return assert(os.remove(path .. "/" .. name)) end
    local file = assert(io.open(path .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end
  for name, text in pairs(files) do write(name, text) end
  return path, write
end

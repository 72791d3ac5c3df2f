-- own.lua - rule files that the user saves in his editor: trusted as they are then, if they were
-- trusted before or if a project's rule file is new; for then he has written them.  What was not
-- trusted stays so.
--
--   own.writing(path)   a file is about to be saved
--   own.written(path)   it was: true; or nil, words, where it could not be trusted

local postil = require "postil"

local M = {}

local is_own = {} -- paths that will be trusted when they are saved

-- Content of a file; nil: it is not there.
local function read(path) return (postil.core.files.read(path)) end

function M.writing(path)
  is_own[path] = nil
  if not path:find "%.lua$" then return end
  local source = read(path)
  if source then
    is_own[path] = postil.trust():state(path, source) == "trusted"
  else
    is_own[path] = path:find "%.postil%.lua$" ~= nil
  end
end

function M.written(path)
  local source = is_own[path] and read(path)
  is_own[path] = nil
  if not source then return true end
  local ok, words = postil.trust():add(path, source)
  if not ok then return nil, words end
  return true
end

return M

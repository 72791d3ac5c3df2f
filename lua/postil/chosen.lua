-- chosen.lua - which rules a text is tagged by when nobody names any: the pack news, and those that
-- lie beside it.
--
--   chosen.usual            what postil.load is given then
--   chosen.beside(path)     the rule file of a text: PATH.postil.lua
--   chosen.project(path)    a rule file as postil.load takes those of projects
--   chosen.of(postil, path) for an editor: the list for postil.load, and what was left out of it
--                           since the user has not trusted it: { path=, words= }

local M = {}

M.usual = { "news" }

function M.beside(path) return path .. ".postil.lua" end

function M.project(path) return { path = path, name = path, project = true } end

function M.of(postil, path)
  local list, left_out = {}, nil
  for i, rules in ipairs(M.usual) do list[i] = rules end
  local own = path and M.beside(path)
  local source = own and postil.core.files.read(own)
  if source then
    local words = postil.trust():refusal(own, source)
    if words then left_out = { path = own, words = words } else list[#list + 1] = M.project(own) end
  end
  return list, left_out
end

return M

-- notes.lua - what is worth telling of rule sets, such as rows of tables that were skipped: once
-- for each file and content, however often a run loads it.
--
--   notes.untold(told, set)   those of the set that `told` does not have yet; it has them then

local M = {}

-- What stands in the file that a note names first, "t.tsv: ..."; nil: the set has read none such.
local function content_of(set, note)
  for _, known in pairs(set.cache) do
    local head = known and known.path .. ": "
    if head and note:sub(1, #head) == head then return known.source end
  end
end

function M.untold(told, set)
  local list = {}
  for _, note in ipairs(set.notes) do
    local content = content_of(set, note) or ""
    if told[note] ~= content then list[#list + 1] = note end
    told[note] = content
  end
  return list
end

return M

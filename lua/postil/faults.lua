-- faults.lua - what is wrong with the quotation marks of a text, and how it is mended.
--
--   faults.of(doc, first, last) those of the text, or of these bytes of it; that a rule took too
--                               many steps is none of them
--   faults.edits(list, unsafe)  the repairs that need no asking (unsafe: all that are known) as
--                               edits { first=, last=, text= } from front to back, and how many
--                               faults are left.  Of repairs that overlap the first wins

local M = {}

function M.of(doc, first, last)
  local list = {}
  for _, fault in ipairs(doc:faults(first, last)) do
    if fault.fault ~= "too-complex" then list[#list + 1] = fault end
  end
  return list
end

function M.edits(list, unsafe)
  local edits, at = {}, 1
  for _, fault in ipairs(list) do
    if (fault.safe or unsafe) and fault.repair and fault.first >= at then
      edits[#edits + 1] = { first = fault.first, last = fault.last, text = fault.repair }
      at = fault.last + 1
    end
  end
  return edits, #list - #edits
end

return M

-- stretches.lua - pieces of a text, { first=, last= }, that follow its edits.  An empty one ends at
-- first - 1.
--
--   stretches.hull(a, b)                    a new one that just holds both; either may be nil
--   stretches.move(one, first, last, size)  changes it as an edit moves it, that puts `size` bytes
--                                           in place of first to last; what it touches grows it
--   stretches.merge(list)                   by place, those that overlap or touch as one

local M = {}

function M.hull(a, b)
  a, b = a or b, b or a
  return { first = math.min(a.first, b.first), last = math.max(a.last, b.last) }
end

function M.move(one, first, last, size)
  local by = size - (last - first + 1)
  if first > one.last + 1 then return end
  if last < one.first - 1 then
    one.first, one.last = one.first + by, one.last + by
  else
    one.first, one.last = math.min(one.first, first), math.max(one.last, last) + by
  end
end

function M.merge(list)
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    return a.last < b.last
  end)
  local out = {}
  for _, one in ipairs(list) do
    local before = out[#out]
    if before and one.first <= before.last + 1 then
      before.last = math.max(before.last, one.last)
    else
      out[#out + 1] = { first = one.first, last = one.last }
    end
  end
  return out
end

return M

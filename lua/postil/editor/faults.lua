-- faults.lua - faults of a buffer's quotation marks, and their repairs as edits.
--
--   faults.list(buffer, first, last)   { { first=, last=, fault=, words=, repair=, safe= }, ... },
--                           all or those of some bytes, by place
--   faults.around(list, byte, most)    at most so many of these, those around a byte; and how many
--                           others there are
--   faults.fixes(buffer, { safe_only = true })
--       { { first=, last=, text= }, ... } that do not overlap, from the back to the front, so that
--       each may be made as it stands; without safe_only also repairs that somebody should look at.
--       And how many faults are left

local faults = require "postil.faults"

local M = {}

function M.list(buffer, first, last) return faults.of(buffer.doc, first, last) end

-- The first of a list that does not end before a byte; one more than there are: none.
local function first_at(list, byte)
  local low, high = 1, #list + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if list[middle].last < byte then low = middle + 1 else high = middle end
  end
  return low
end

function M.around(list, byte, most)
  if #list <= most then return list, 0 end
  local first = first_at(list, byte) - math.floor(most / 2)
  first = math.max(1, math.min(first, #list - most + 1))
  local near = {}
  for i = first, first + most - 1 do near[#near + 1] = list[i] end
  return near, #list - #near
end

function M.fixes(buffer, options)
  local edits, left = faults.edits(M.list(buffer), not (options and options.safe_only))
  local list = {}
  for i = #edits, 1, -1 do list[#list + 1] = edits[i] end
  return list, left
end

return M

-- faults.lua - faults of a buffer's quotation marks, and their repairs as edits.
--
--   faults.list(buffer)     { { first=, last=, fault=, words=, repair=, safe= }, ... } by place
--   faults.fixes(buffer, { safe_only = true })
--       { { first=, last=, text= }, ... } that do not overlap, from the back to the front, so that
--       each may be made as it stands; without safe_only also repairs that somebody should look at.
--       And how many faults are left

local faults = require "postil.faults"

local M = {}

function M.list(buffer) return faults.of(buffer.doc) end

function M.fixes(buffer, options)
  local edits, left = faults.edits(M.list(buffer), not (options and options.safe_only))
  local list = {}
  for i = #edits, 1, -1 do list[#list + 1] = edits[i] end
  return list, left
end

return M

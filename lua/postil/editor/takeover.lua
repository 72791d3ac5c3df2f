-- takeover.lua - a buffer's text on its way to other rules: a second document is tagged beside the
-- first, follows its edits, and takes its place when it is done.
--
--   local coming = takeover.open(entry, text, options)   nil, words
--   coming:edit(first, last, text)   whether it could follow
--   coming:step(bytes)               done; or nil, words
--   takeover.found(doc, set, other, other_set, size)   what differs between two documents that are
--       done: a difference (difference.lua) with sum = { new=, gone=, changed= }; of a text of more
--       than LONG bytes the sum alone, of labels and places (changed is nil): a list of all tags
--       would take too long to make

local difference = require "postil.difference"

local LONG = 131072

local M = {}

local Coming = {}
Coming.__index = Coming

function M.open(entry, text, options)
  local doc, words = entry.set:open(text, options)
  if not doc then return nil, words end
  return setmetatable({ entry = entry, doc = doc }, Coming)
end

function Coming:edit(first, last, text) return self.doc:splice(first, last, text) end

function Coming:step(bytes)
  local done, words, number = self.doc:run(bytes)
  if done == nil then return nil, (self.entry.set:failure(words, number)) end
  return done
end

-- How many places of a label are in both of two flat lists of spans, by place.
local function count_common(a, labels, b, other_labels)
  local known, common = {}, 0
  for i = 1, #a, 3 do
    local key = a[i] .. " " .. a[i + 1] .. " " .. labels[a[i + 2]]
    known[key] = (known[key] or 0) + 1
  end
  for i = 1, #b, 3 do
    local key = b[i] .. " " .. b[i + 1] .. " " .. other_labels[b[i + 2]]
    if (known[key] or 0) > 0 then known[key], common = known[key] - 1, common + 1 end
  end
  return common
end

local function count(doc, set, other, other_set)
  local before, after = doc:spans(), other:spans()
  local common = count_common(before, set:labels(), after, other_set:labels())
  return { sum = { new = math.floor(#after / 3) - common,
    gone = math.floor(#before / 3) - common } }
end

function M.found(doc, set, other, other_set, size)
  if size > LONG then return count(doc, set, other, other_set) end
  local found = difference.between(difference.tags(doc), difference.tags(other))
  found.sum = { new = #found.new, gone = #found.gone, changed = #found.changed }
  return found
end

return M

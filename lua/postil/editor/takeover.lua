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

-- Where those end in a flat list of spans that have the place of the one at i; counts their labels
-- in `known`, up or down.
local function take_place(spans, i, labels, known, by)
  local first, last = spans[i], spans[i + 1]
  while spans[i] == first and spans[i + 1] == last do
    local label = labels[spans[i + 2]]
    known[label] = (known[label] or 0) + by
    i = i + 3
  end
  return i
end

-- How many tags are in the second of two flat lists of spans alone, and how many in the first.
local function count_differing(a, labels, b, other_labels)
  local i, j, new, gone = 1, 1, 0, 0
  while a[i] or b[j] do
    if a[i] == b[j] and a[i + 1] == b[j + 1] then
      local known = {}
      i = take_place(a, i, labels, known, 1)
      j = take_place(b, j, other_labels, known, -1)
      for _, n in pairs(known) do
        if n > 0 then gone = gone + n else new = new - n end
      end
    elseif not b[j] or a[i] and (a[i] < b[j] or a[i] == b[j] and a[i + 1] > b[j + 1]) then
      i, gone = i + 3, gone + 1
    else
      j, new = j + 3, new + 1
    end
  end
  return new, gone
end

local function count(doc, set, other, other_set)
  local new, gone = count_differing(doc:spans(), set:labels(), other:spans(), other_set:labels())
  return { sum = { new = new, gone = gone } }
end

function M.found(doc, set, other, other_set, size)
  if size > LONG then return count(doc, set, other, other_set) end
  local found = difference.between(difference.tags(doc), difference.tags(other))
  found.sum = { new = #found.new, gone = #found.gone, changed = #found.changed }
  return found
end

return M

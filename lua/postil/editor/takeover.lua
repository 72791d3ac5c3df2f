-- takeover.lua - a buffer's text on its way to other rules: a second document is tagged beside the
-- first, follows its edits, and takes its place when it is done.
--
--   local coming = takeover.open(entry, text, options)   nil, words
--   coming:edit(first, last, text)   whether it could follow
--   coming:step(bytes)               done; or nil, words
--   coming:compare(doc, set, size)   when both are done, what differs from the buffer's document:
--       a difference (difference.lua) with sum = { new=, gone=, changed= }.  Of a text of more than
--       LONG bytes a list of all tags would take too long to make: a PIECE of it is counted each
--       time, nil returned until that is done; then sum alone, of labels and places, no changed

local difference = require "postil.difference"

local LONG = 131072
local PIECE = 65536

local M = {}

local Coming = {}
Coming.__index = Coming

function M.open(entry, text, options)
  local doc, words = entry.set:open(text, options)
  if not doc then return nil, words end
  return setmetatable({ entry = entry, doc = doc }, Coming)
end

function Coming:edit(first, last, text)
  self.counted = nil
  return self.doc:splice(first, last, text)
end

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

-- How many tags are in the second of two flat lists of spans alone, and how many in the first; of
-- those that begin at `from` or behind it.
local function count_differing(a, labels, b, other_labels, from)
  local i, j, new, gone = 1, 1, 0, 0
  while a[i] and a[i] < from do i = i + 3 end
  while b[j] and b[j] < from do j = j + 3 end
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

-- Counts on; what differs when all is counted.
local function count(self, doc, set, size)
  local state = self.counted or { at = 1, new = 0, gone = 0 }
  local last = math.min(size, state.at + PIECE - 1)
  local new, gone = count_differing(doc:spans(nil, state.at, last), set:labels(),
    self.doc:spans(nil, state.at, last), self.entry.set:labels(), state.at)
  self.counted = { at = last + 1, new = state.new + new, gone = state.gone + gone }
  if last < size then return nil end
  return { sum = { new = self.counted.new, gone = self.counted.gone } }
end

function Coming:compare(doc, set, size)
  if size > LONG then return count(self, doc, set, size) end
  local found = difference.between(difference.tags(doc), difference.tags(self.doc))
  found.sum = { new = #found.new, gone = #found.gone, changed = #found.changed }
  return found
end

return M

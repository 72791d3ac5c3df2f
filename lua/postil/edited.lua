-- edited.lua - what an edit of a text did to its tags: a difference (difference.lua) of two texts.
--
--   edited.between(before, old, after, new)    tags and text before, tags and text after
--   edited.common(old, new)    how many bytes two texts share at their beginning, and at their end
--
-- Tags in front of the edit stay where they are, tags behind it move along.  Between the first and
-- the last byte that differ, tags of one label and the same words are the same, in their order; one
-- that is left there may have become another at its place, or is gone.  Links are compared by what
-- they name.

local difference = require "postil.difference"
local export = require "postil.export"

local M = {}

-- How many bytes two texts have in common at their beginning, or at their end where `tail` is set;
-- at most `most`.
local function common(a, b, most, tail)
  local low, high = 0, most -- the first `low` are alike; beyond `high` is nothing
  while low < high do
    local n = math.floor((low + high + 1) / 2)
    local same
    if tail then
      same = a:sub(#a - n + 1, #a - low) == b:sub(#b - n + 1, #b - low)
    else
      same = a:sub(low + 1, n) == b:sub(low + 1, n)
    end
    if same then low = n else high = n - 1 end
  end
  return low
end

-- Copies of tags with links and parts as words: places in another text say nothing.
local function without_places(tags, text)
  local list = {}
  for i, tag in ipairs(tags) do
    local attributes = {}
    for _, pair in ipairs(tag.attributes) do
      if pair.name ~= "parts" then
        local value = pair.value
        if type(value) == "table" then value = export.value_words(text, value) end
        attributes[#attributes + 1] = { name = pair.name, value = value }
      end
    end
    list[i] = { first = tag.first, last = tag.last, label = tag.label, text = tag.text,
      name = tag.name, attributes = attributes }
  end
  return list
end

-- Tags of the edited part of the new text by label and words, in their order.
local function by_words(tags, first, last)
  local known = {}
  for _, tag in ipairs(tags) do
    if tag.last >= first and tag.first <= last then
      local key = tag.label .. "\0" .. tag.text
      known[key] = known[key] or { at = 1 }
      table.insert(known[key], tag)
    end
  end
  return known
end

-- Moves tags of the old text to where they stand in the new one.
local function move(tags, after, head, tail, old, new)
  local first, last = head + 1, #new - tail -- of the new text, what is edited
  local known = by_words(after, first, last)
  local order = {}
  for i, tag in ipairs(tags) do
    order[tag] = i
    if tag.first > #old - tail then
      tag.first, tag.last = tag.first + #new - #old, tag.last + #new - #old
    elseif tag.last > head then
      local list = known[tag.label .. "\0" .. tag.text]
      local twin = list and list[list.at]
      if twin then
        list.at, tag.first, tag.last = list.at + 1, twin.first, twin.last
      else
        tag.loose, tag.first = true, math.max(1, math.min(tag.first, last + 1, #new))
        tag.last = math.min(tag.first + #tag.text, last + 1) - 1
      end
    end
  end
  table.sort(tags, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.last ~= b.last then return a.last > b.last end
    return order[a] < order[b]
  end)
end

function M.common(old, new)
  local most = math.min(#old, #new)
  local head = common(old, new, most, false)
  return head, common(old, new, most - head, true)
end

function M.between(before, old, after, new)
  local head, tail = M.common(old, new)
  before, after = without_places(before, old), without_places(after, new)
  move(before, after, head, tail, old, new)
  return difference.between(before, after)
end

return M

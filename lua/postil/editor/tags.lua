-- tags.lua - copies of tags that stay good when their document changes.
--
--   tags.copy(doc, tag, by)   { first=, last=, label=, text=, name=, rule=, depth=, parts=, speaker=,
--                             cue=, attributes= { { name=, value= }, ... } }, all places moved on by
--                             so many bytes
--   tags.sort(list)           by place, longer ones first

local export = require "postil.export"

local M = {}

-- A value of an attribute; places move.
local function moved(value, by)
  if type(value) ~= "table" then return value end
  return { first = value.first + by, last = value.last + by, name = value.name }
end

function M.copy(doc, tag, by)
  local label = tag.label
  local copy = { first = tag.first + by, last = tag.last + by, label = label, text = tag.text,
    name = tag.name, rule = tag.rule, depth = tag.depth, speaker = moved(tag.speaker, by),
    cue = moved(tag.cue, by), parts = {}, attributes = {} }
  for i, part in ipairs(tag.parts) do copy.parts[i] = moved(part, by) end
  for i, pair in ipairs(export.attributes(doc, tag, label)) do
    copy.attributes[i] = { name = pair.name, value = moved(pair.value, by) }
  end
  return copy
end

function M.sort(list)
  local order = {}
  for i, tag in ipairs(list) do order[tag] = i end
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.last ~= b.last then return a.last > b.last end
    return order[a] < order[b]
  end)
end

return M

-- tags.lua - a copy of a tag that stays good when its document changes.
--
--   tags.copy(doc, tag, by)   all places moved on by so many bytes:
--     { first=, last=, label=, text=, name=, rule=, depth=, parts=, speaker=, cue=,
--       attributes = { { name=, value= }, ... } }

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

return M

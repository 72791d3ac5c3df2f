-- hover.lua - what is said of a place in a buffer.
--
--   hover.lines(buffer, position)   { "person: Ana Rocha", "  title=Minister", ... }, the innermost
--                                   tag first; {} where nothing is tagged
--   hover.why(buffer, position, label, unit)
--       the words of doc:why, one line each, and the place of the first rule that they name:
--       { file=, line= }; nil, words: not done yet, or no rule has the label
--
-- No line has controls.

local called = require "postil.called"
local export = require "postil.export"
local objects = require "postil.editor.objects"
local said = require "postil.said"
local visible = require "postil.visible"
local why = require "postil.why"

local M = {}

-- The rule that made a tag, with its file and line where they are known.
local function rule_words(buffer, tag)
  for _, rule in ipairs(buffer.set.rules) do
    if rule.name == tag.rule and rule.label == tag.label then
      return called.of(buffer.set.rules).rule_and_place(rule)
    end
  end
  return tag.rule and visible.line(tag.rule)
end

function M.lines(buffer, position)
  local lines = {}
  for _, tag in ipairs(objects.at(buffer, position)) do
    lines[#lines + 1] = ("%s: %s"):format(tag.label, visible.line(tag.name or tag.text))
    for _, pair in ipairs(tag.attributes) do
      local value = pair.value
      if type(value) == "table" then
        value = value.name or buffer:text(value.first, value.last)
      end
      lines[#lines + 1] = ("  %s=%s"):format(pair.name, export.value_line("", value))
    end
    if tag.label == "quote" and not said.speaker(tag) then
      lines[#lines + 1] = "  no speaker known"
    end
    local rule = rule_words(buffer, tag)
    if rule then lines[#lines + 1] = "  rule " .. rule end
  end
  return lines
end

function M.why(buffer, position, label, unit)
  local list, words = buffer.doc:why(position, label, unit)
  if not list then return nil, words end
  local lines, place = {}, nil
  for i, entry in ipairs(list) do
    lines[i] = ("%-8s %s"):format(entry.kind, why.words(entry))
    place = place or entry.file and { file = entry.file, line = entry.line } or nil
  end
  return lines, place
end

return M

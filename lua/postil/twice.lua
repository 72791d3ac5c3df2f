-- twice.lua - a text got other tags the second time: which rule has a function that remembers?
--
--   local rules, tag = twice.suspects(set, functions, before, after)
--
-- functions: the numbers of the rules that have one; before, after: doc:json() of the two times;
-- tag: the first that is not in both, as JSON tells it, or nil.

local json = require "postil.json_read"

local M = {}

-- A tag and what it has, in one line that sorts.
local function line_of(value)
  if type(value) ~= "table" then return type(value) .. " " .. tostring(value) end
  local keys, out = {}, {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys, function(x, y) return tostring(x) < tostring(y) end)
  for i, key in ipairs(keys) do out[i] = key .. "=" .. line_of(value[key]) end
  return "{" .. table.concat(out, ",") .. "}"
end

-- The first tag of a list that another list does not hold just so.
local function only_in(list, other)
  local known = {}
  for _, tag in ipairs(other) do known[line_of(tag)] = true end
  for _, tag in ipairs(list) do
    if not known[line_of(tag)] then return tag end
  end
end

-- The rules with functions that may have made a tag: the one that it names, else those of its
-- label, else all.
local function makers(set, tag, functions)
  local own, of_label, all = {}, {}, {}
  for _, number in ipairs(functions) do
    local rule = set.rules[number]
    all[#all + 1] = rule
    if rule.label == tag.label then of_label[#of_label + 1] = rule end
    if rule.name == tag.rule then own[#own + 1] = rule end
  end
  return own[1] and own or of_label[1] and of_label or all
end

function M.suspects(set, functions, before, after)
  before = assert(json.value("{" .. before .. "}")).tags
  after = assert(json.value("{" .. after .. "}")).tags
  local tag = only_in(before, after) or only_in(after, before)
  return makers(set, tag or {}, functions), tag
end

return M

-- difference.lua - how the tags of one text differ under two rule sets, or before and after.
--
--   local before = difference.tags(doc)              a plain copy, good when doc is gone
--   difference.between(before, difference.tags(other))
--     -> { new = { tag, ... }, gone = { tag, ... }, changed = { tag, ... } }
--
-- A tag here is { first=, last=, label=, text=, name=, attributes = { { name=, value= }, ... } }.
-- Two tags are the same if label and span are; then their attributes are compared, and a link
-- (speaker) by what it names and where that stands.  Of what is left, tags of one label that
-- overlap are one whose span changed.  A changed tag is the later one, with
--   changes = { { attribute=, from=, to= }, ... }    by attribute; nil where there was or is none
--   was = { first=, last=, text= }                   if its span changed
-- Which rule made a tag is no difference.  Lists are by place; the same input gives the same lists.

local export = require "postil.export"

local M = {}

-- Attributes as `postil tag --to lines` has them, and the parts of a quotation.
local function attributes_of(doc, tag)
  local list, parts = export.attributes(doc, tag, tag.label), {}
  for i, part in ipairs(tag.parts) do parts[i] = part.first .. "-" .. part.last end
  if parts[1] then list[#list + 1] = { name = "parts", value = table.concat(parts, " ") } end
  return list
end

-- All tags of a document by place, longer ones first.
function M.tags(doc)
  local list = {}
  for tag in doc:each() do
    list[#list + 1] = { first = tag.first, last = tag.last, label = tag.label, text = tag.text,
      name = tag.name, attributes = attributes_of(doc, tag) }
  end
  return list
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  return a.first == b.first and a.last == b.last and a.name == b.name
end

-- Whether two lists of attributes are the same, name by name: mostly they are.
local function all_same(a, b)
  if #a ~= #b then return false end
  for i = 1, #a do
    if a[i].name ~= b[i].name or not same(a[i].value, b[i].value) then return false end
  end
  return true
end

-- Values by name; the canonical name is there if it is more than the tag's text.  A quotation is
-- called by its words: no news.
local function values_of(tag)
  local values = {}
  for _, pair in ipairs(tag.attributes) do values[pair.name] = pair.value end
  if tag.label ~= "quote" and tag.name ~= tag.text then values.name = tag.name end
  return values
end

-- What differs in the attributes of two tags, by name.
local function changes_of(before, after)
  local list, names = {}, {}
  if before.name == after.name and all_same(before.attributes, after.attributes) then
    return list
  end
  local from, to = values_of(before), values_of(after)
  for name in pairs(from) do names[#names + 1] = name end
  for name in pairs(to) do if from[name] == nil then names[#names + 1] = name end end
  table.sort(names)
  for _, name in ipairs(names) do
    if not same(from[name], to[name]) then
      list[#list + 1] = { attribute = name, from = from[name], to = to[name] }
    end
  end
  return list
end

-- The tags of a list that have a twin of the same label and span in another, each with its twin,
-- and what is left of both.  A tag that is `loose` has none: it stood in text that is no more.
local function match(before, after)
  local waiting, met, pairs_found, left = {}, {}, {}, {}
  local function key(tag) return tag.label .. " " .. tag.first .. " " .. tag.last end
  for _, tag in ipairs(before) do
    if not tag.loose then
      local queue = waiting[key(tag)] or { head = 1 }
      queue[#queue + 1], waiting[key(tag)] = tag, queue
    end
  end
  for _, tag in ipairs(after) do
    local queue = waiting[key(tag)]
    local twin = queue and queue[queue.head]
    if twin then
      queue.head, met[twin] = queue.head + 1, true
      pairs_found[#pairs_found + 1] = { twin, tag }
    else
      left[#left + 1] = tag
    end
  end
  local gone = {}
  for _, tag in ipairs(before) do
    if not met[tag] then gone[#gone + 1] = tag end
  end
  return pairs_found, gone, left
end

-- Pairs of one label that overlap, leftmost first; both lists are by place.  What is left of both.
local function overlap(gone, new)
  local by_label, pairs_found, still_gone, still_new, taken = {}, {}, {}, {}, {}
  for _, tag in ipairs(new) do
    by_label[tag.label] = by_label[tag.label] or { at = 1 }
    table.insert(by_label[tag.label], tag)
  end
  for _, tag in ipairs(gone) do
    local list = by_label[tag.label] or { at = 1 }
    while list[list.at] and list[list.at].last < tag.first do list.at = list.at + 1 end
    local other = list[list.at]
    if other and other.first <= tag.last then
      pairs_found[#pairs_found + 1] = { tag, other }
      list.at, taken[other] = list.at + 1, true
    else
      still_gone[#still_gone + 1] = tag
    end
  end
  for _, tag in ipairs(new) do
    if not taken[tag] then still_new[#still_new + 1] = tag end
  end
  return pairs_found, still_gone, still_new
end

local function changed(before, after, changes, moved)
  return { first = after.first, last = after.last, label = after.label, text = after.text,
    name = after.name, attributes = after.attributes, changes = changes,
    was = moved and { first = before.first, last = before.last, text = before.text } or nil }
end

function M.between(before, after)
  local twins, gone, new = match(before, after)
  local moved
  moved, gone, new = overlap(gone, new)
  local list, order = {}, {}
  local function add(pair, changes, is_moved)
    local tag = changed(pair[1], pair[2], changes, is_moved)
    list[#list + 1] = tag
    order[tag] = #list
  end
  for _, pair in ipairs(twins) do
    local changes = changes_of(pair[1], pair[2])
    if changes[1] then add(pair, changes, false) end
  end
  for _, pair in ipairs(moved) do add(pair, changes_of(pair[1], pair[2]), true) end
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.last ~= b.last then return a.last > b.last end
    return order[a] < order[b]
  end)
  return { new = new, gone = gone, changed = list }
end

return M

-- json_twin.lua - what doc:json should write, the slow and obvious way: tag by tag, key by key.

local export = require "postil.export"
local json = require "postil.json"

local concat, quote, number = table.concat, json.string, json.number

-- What made a tag that no rule made: the quotes statement of a rule file.
local QUOTES = "quotes"
-- Keys of the record itself: an attribute of that name gets a "_" behind it.
local TAKEN = { start = true, ["end"] = true, label = true, rule = true, parts = true }

local function place_json(place)
  local name = place.name
  return ('{"start":%d,"end":%d%s}'):format(place.first - 1, place.last,
    name and ',"name":' .. quote(name) or "")
end

local function value_json(value, name)
  local kind = type(value)
  if kind == "string" then return quote(value) end
  if kind == "number" then return number(value) end
  if kind ~= "table" then return tostring(value) end
  if name ~= "cue" then return place_json(value) end
  return ('{"start":%d,"end":%d}'):format(value.first - 1, value.last)
end

local function tag_json(doc, tag, label)
  local out = { ('{"start":%d,"end":%d,"label":%s,"rule":%s'):format(tag.first - 1, tag.last,
    quote(label), quote(tag.rule or QUOTES)) }
  local list = export.attributes(doc, tag, label)
  for i = 1, #list do
    local name, value = list[i].name, list[i].value
    out[#out + 1] = "," .. quote(TAKEN[name] and name .. "_" or name) .. ":"
      .. value_json(value, name)
  end
  local parts = label == "quote" and tag.parts
  if parts and #parts > 0 then
    local spans = {}
    for i = 1, #parts do spans[i] = place_json { first = parts[i].first, last = parts[i].last } end
    out[#out + 1] = ',"parts":[' .. concat(spans, ",") .. "]"
  end
  out[#out + 1] = "}"
  return concat(out)
end

-- One line of JSON for a document; id is JSON text already, labels a set or nil.
return function(doc, id, labels)
  local tags, faults = {}, {}
  for tag in doc:each() do
    local label = tag.label
    if not labels or labels[label] then tags[#tags + 1] = tag_json(doc, tag, label) end
  end
  for i, fault in ipairs(doc:faults()) do faults[i] = export.fault_json(fault) end
  return concat { '{"id":', id, ',"unit":"byte","tags":[', concat(tags, ","), '],"faults":[',
    concat(faults, ","), "]}\n" }
end

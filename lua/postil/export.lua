-- export.lua - a document as text for other programs: jsonl and lines.  (See inline.lua; for eyes:
-- ansi.lua.)
--
--   export.jsonl(doc, id, labels)                 one line of JSON; id is JSON text already
--   export.lines(doc, text, name, labels, unit)   NAME:LINE:COL: label: text  [attributes]
--
-- labels: a set (nil: all).  The same document gives the same bytes.  Tags and faults as JSON are
-- written by the document itself (lua/json.c).

local json = require "postil.json"
local visible = require "postil.visible"

local M = {}

local concat, quote, number = table.concat, json.string, json.number

-- What a quotation says first, in this order.
local LEADING = { kind = 1, depth = 2, speaker = 3, cue = 4 }
-- The canonical name, where it is not just the tag's text, takes its place among the attributes as
-- "name"; the "is" that it may come from says no more.
local function with_name(tag, list)
  for i = #list, 1, -1 do
    if list[i].name == "is" then table.remove(list, i) end
  end
  local name, at = tag.name, 1
  if name == tag.text then return list end
  while list[at] and list[at].name < "name" do at = at + 1 end
  if not list[at] or list[at].name ~= "name" then
    table.insert(list, at, { name = "name", value = name })
  end
  return list
end

-- Attributes of a tag as a list of { name =, value = }: the leading ones of a quotation, then by
-- name.
local function attributes(doc, tag, label)
  local list = doc:attrs(tag)
  if label ~= "quote" then return with_name(tag, list) end
  local lead, rest = {}, {}
  for i = 1, #list do
    local pair = list[i]
    local rank = LEADING[pair.name]
    if rank then lead[rank] = pair else rest[#rest + 1] = pair end
  end
  local depth = tag.depth
  lead[2] = lead[2] or depth and depth > 0 and { name = "depth", value = depth } or nil
  local out = {}
  for rank = 1, 4 do out[#out + 1] = lead[rank] end
  for i = 1, #rest do out[#out + 1] = rest[i] end
  return out
end
M.attributes = attributes

-- A fault: {"start", "end", "fault", "repair"}; repair is null where none is known.
function M.fault_json(fault)
  return ('{"start":%d,"end":%d,"fault":%s,"repair":%s}'):format(fault.first - 1, fault.last,
    quote(fault.fault), fault.repair and quote(fault.repair) or "null")
end

function M.jsonl(doc, id, labels)
  return '{"id":' .. id .. ',"unit":"byte",' .. doc:json(labels) .. "}\n"
end

-- A value in words: a place is its name or its text.
local function value_words(text, value)
  if type(value) == "number" then return number(value) end
  if type(value) ~= "table" then return tostring(value) end
  return value.name or text:sub(value.first, value.last)
end
M.value_words = value_words

-- A value in one line; quoted when it could be mistaken for more than one.
local function value_line(text, value)
  local words = visible.line(value_words(text, value))
  if words == "" or words:find '[%],="]' then words = '"' .. words:gsub('["\\]', "\\%0") .. '"' end
  return words
end
M.value_line = value_line

-- Attributes in words, in brackets behind the tag; "" where there are none.
function M.attribute_words(text, list)
  local words = {}
  for i = 1, #list do
    words[i] = list[i].name .. "=" .. value_line(text, list[i].value)
  end
  return #words > 0 and "  [" .. concat(words, ", ") .. "]" or ""
end

-- Line, column of a byte in "bytes", "chars" or "utf16", all from 1.
function M.place(doc, first, unit)
  local line, bytes, chars, utf16 = doc:place(first)
  return line, unit == "chars" and chars or unit == "utf16" and utf16 or bytes
end

function M.lines(doc, text, name, labels, unit)
  local out = {}
  name = visible.line(name)
  for tag in doc:each() do
    if not labels or labels[tag.label] then
      local line, column = M.place(doc, tag.first, unit)
      out[#out + 1] = ("%s:%d:%d: %s: %s%s\n"):format(name, line, column, tag.label,
        visible.line(text:sub(tag.first, tag.last)),
        M.attribute_words(text, attributes(doc, tag, tag.label)))
    end
  end
  return concat(out)
end

-- The tags wanted, outer before inner at the same place.
local function wanted(doc, labels)
  local tags = {}
  for tag in doc:each() do
    if not labels or labels[tag.label] then tags[#tags + 1] = tag end
  end
  return tags
end
M.wanted = wanted

return M

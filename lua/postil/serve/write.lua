-- write.lua - what the protocol says, as JSON: lines, tags, rows, rules' messages.
--
--   write.line(members)           one line; members is a flat list: key, JSON text, key, ...
--   write.object(members)  write.list(texts)  write.string(s)  write.whole(n)  write.flag(b)
--   local places = write.places(lines)
--     places:want(first, last)    for the spans that will be asked for: found in order it is cheap
--     places:span(first, last)    [line, column, line, column], its end just behind the last byte
--     places:flat(first, last)    the same without brackets
--   write.tag(tag, places)        a tag of tags.lua
--   write.messages(rows)          rows of diagnostics.lua
--
-- What people may read has no controls: an editor puts it on a screen as it comes.

local json = require "postil.json"
local visible = require "postil.visible"

local M = {}

M.string = json.string

function M.whole(n) return ("%.0f"):format(n) end

function M.flag(value) return value and "true" or "false" end

function M.list(texts) return "[" .. table.concat(texts, ",") .. "]" end

function M.object(members)
  local out = {}
  for i = 1, #members, 2 do
    out[#out + 1] = json.string(members[i]) .. ":" .. members[i + 1]
  end
  return "{" .. table.concat(out, ",") .. "}"
end

function M.line(members) return M.object(members) .. "\n" end

-- Words for people, of one line; of several.
function M.words(words) return json.string(visible.line(words)) end
function M.text(words) return json.string((visible.text(words):gsub("\n+$", ""))) end

-- ---- places -------------------------------------------------------------------------------------

local Places = {}
Places.__index = Places

function M.places(lines)
  return setmetatable({ lines = lines, wanted = {}, known = {} }, Places)
end

function Places:want(first, last)
  self.wanted[#self.wanted + 1] = first
  self.wanted[#self.wanted + 1] = last + 1
end

-- Finds what is wanted by now, from front to back.
local function find(self)
  table.sort(self.wanted)
  for _, byte in ipairs(self.wanted) do
    if not self.known[byte] then
      local line, column = self.lines:place(byte)
      self.known[byte] = ("%.0f,%.0f"):format(line, column)
    end
  end
  self.wanted = {}
end

function Places:flat(first, last)
  if not (self.known[first] and self.known[last + 1]) then
    self:want(first, last)
    find(self)
  end
  return self.known[first] .. "," .. self.known[last + 1]
end

function Places:span(first, last) return "[" .. self:flat(first, last) .. "]" end

-- ---- tags ---------------------------------------------------------------------------------------

local function value_of(value, places)
  if type(value) == "number" then return json.number(value) end
  if type(value) == "boolean" then return M.flag(value) end
  if type(value) ~= "table" then return json.string(value) end
  local members = { "span", places:span(value.first, value.last) }
  if value.name then
    members[3], members[4] = "name", json.string(value.name)
  end
  return M.object(members)
end

function M.want_tag(tag, places)
  places:want(tag.first, tag.last)
  for _, part in ipairs(tag.parts) do places:want(part.first, part.last) end
  for _, pair in ipairs(tag.attributes) do
    if type(pair.value) == "table" then places:want(pair.value.first, pair.value.last) end
  end
end

-- more: members to be put behind those of the tag.
function M.tag(tag, places, more)
  local members = { "span", places:span(tag.first, tag.last), "label", json.string(tag.label) }
  local function add(name, value) members[#members + 1], members[#members + 2] = name, value end
  if tag.rule then add("rule", json.string(tag.rule)) end
  if tag.label ~= "quote" and tag.name ~= tag.text then add("name", json.string(tag.name)) end
  if (tag.depth or 0) > 0 then add("depth", M.whole(tag.depth)) end
  if #tag.parts > 0 then
    local parts = {}
    for i, part in ipairs(tag.parts) do parts[i] = places:span(part.first, part.last) end
    add("parts", M.list(parts))
  end
  local attributes = {}
  for _, pair in ipairs(tag.attributes) do
    if pair.name ~= "parts" and pair.name ~= "depth" and not (pair.name == "name"
      and tag.label ~= "quote") then
      attributes[#attributes + 1] = pair.name
      attributes[#attributes + 1] = value_of(pair.value, places)
    end
  end
  if #attributes > 0 then add("attributes", M.object(attributes)) end
  for i = 1, #(more or {}), 2 do add(more[i], more[i + 1]) end
  return M.object(members)
end

-- ---- rules --------------------------------------------------------------------------------------

function M.messages(rows)
  local out = {}
  for i, row in ipairs(rows) do
    local members = { "file", json.string(row.file), "line", M.whole(row.line) }
    local function add(name, value)
      members[#members + 1], members[#members + 2] = name, value
    end
    if row.column then add("column", M.whole(row.column)) end
    if row.width then add("width", M.whole(row.width)) end
    add("severity", json.string(row.severity))
    add("message", M.words(row.message))
    out[i] = M.object(members)
  end
  return M.list(out)
end

return M

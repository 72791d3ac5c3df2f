-- gold.lua - texts with the tags that they should get, and how near rules come to them.
--
--   gold.read(source, name) -> { { id=, text=, date=, tags=, line= }, ... } | nil, message
--   local tally = gold.tally(documents)
--   tally:add(doc, document)    counts what a tagged document has and lacks
--   tally:rows()                { { name=, tp=, fp=, fn=, precision=, recall=, f1= }, ... } by name
--
-- A line is what `postil tag --to jsonl` writes for a text, "tags" put right by hand, with the text
-- itself as "text" (without: the file "id") and, if wanted, "date".  Counted are exact spans: of a
-- label its tags; of label.attribute the links, such as the speaker of a quotation, with both ends.
-- What never occurs in the gold is not counted at all.

local json = require "postil.json_read"

local M = {}

local function is_offset(x)
  return type(x) == "number" and x >= 0 and x == math.floor(x)
end

local function is_span(x)
  return type(x) == "table" and is_offset(x.start) and is_offset(x["end"]) and x["end"] >= x.start
end

local function check_line(value)
  if type(value) ~= "table" or type(value.tags) ~= "table" then
    return "not an object like {\"id\": ..., \"text\": ..., \"tags\": [...]}"
  end
  if value.text ~= nil and type(value.text) ~= "string" then return '"text" must be a string' end
  if value.date ~= nil and type(value.date) ~= "string" then return '"date" must be a string' end
  if value.unit ~= nil and value.unit ~= "byte" then return '"unit" must be "byte"' end
  for i, tag in ipairs(value.tags) do
    if not is_span(tag) or type(tag.label) ~= "string" then
      return ("tag %d is not {\"start\": ..., \"end\": ..., \"label\": ...}"):format(i)
    end
  end
end

function M.read(source, name)
  local list, number = {}, 0
  for line in (source:gsub("\n?$", "\n", 1)):gmatch "([^\n]*)\n" do
    number = number + 1
    if line:find "%S" then
      local value, words = json.value(line)
      words = value == nil and "no JSON: " .. words or check_line(value)
      if words then return nil, ("%s:%d: %s"):format(name, number, words) end
      value.line = number
      list[#list + 1] = value
    end
  end
  if #list == 0 then return nil, name .. ": no lines" end
  return list
end

-- Calls visit(row, key) for what a tag counts as: its span, and each link.
local function items(label, first, last, links, visit)
  visit(label, ("%s %.0f %.0f"):format(label, first, last))
  for _, link in ipairs(links) do
    local row = label .. "." .. link.name
    visit(row, ("%s %.0f %.0f %.0f %.0f"):format(row, first, last, link.first, link.last))
  end
end

-- Of a tag in a line of gold.
local function gold_items(tag, visit)
  local links = {}
  for name, value in pairs(tag) do
    if type(name) == "string" and is_span(value) then
      links[#links + 1] = { name = name, first = value.start + 1, last = value["end"] }
    end
  end
  items(tag.label, tag.start + 1, tag["end"], links, visit)
end

-- Of a tag that rules made.
local function found_items(doc, tag, visit)
  local links = {}
  for _, pair in ipairs(doc:attrs(tag)) do
    if type(pair.value) == "table" then
      links[#links + 1] = { name = pair.name, first = pair.value.first, last = pair.value.last }
    end
  end
  items(tag.label, tag.first, tag.last, links, visit)
end

local Tally = {}
Tally.__index = Tally

-- A tally of the rows that occur in some documents of gold.
function M.tally(documents)
  local rows = {}
  for _, document in ipairs(documents) do
    for _, tag in ipairs(document.tags) do
      gold_items(tag, function(row)
        rows[row] = rows[row] or { name = row, tp = 0, fp = 0, fn = 0 }
      end)
    end
  end
  return setmetatable({ by_name = rows }, Tally)
end

-- Counts a document; returned are the items that only the gold or only the document has, as lists
-- of { row=, first=, last= }.
function Tally:add(doc, document)
  local wanted, seen, missing, extra = {}, {}, {}, {}
  for _, tag in ipairs(document.tags) do
    gold_items(tag, function(_, key) wanted[key] = true end)
  end
  for tag in doc:each() do
    found_items(doc, tag, function(row, key)
      local counts = self.by_name[row]
      if not counts or seen[key] then return end
      seen[key] = true
      if wanted[key] then
        counts.tp = counts.tp + 1
      else
        counts.fp = counts.fp + 1
        extra[#extra + 1] = { row = row, first = tag.first, last = tag.last }
      end
    end)
  end
  for _, tag in ipairs(document.tags) do
    gold_items(tag, function(row, key)
      if seen[key] then return end
      seen[key] = true
      self.by_name[row].fn = self.by_name[row].fn + 1
      missing[#missing + 1] = { row = row, first = tag.start + 1, last = tag["end"] }
    end)
  end
  return missing, extra
end

local function ratio(part, whole) return whole == 0 and 1 or part / whole end

function Tally:rows()
  local list = {}
  for _, row in pairs(self.by_name) do
    row.precision = ratio(row.tp, row.tp + row.fp)
    row.recall = ratio(row.tp, row.tp + row.fn)
    row.f1 = ratio(2 * row.tp, 2 * row.tp + row.fp + row.fn)
    list[#list + 1] = row
  end
  table.sort(list, function(x, y) return x.name < y.name end)
  return list
end

return M

-- inline.lua - a document as its text with tags in it:  <person name="...">...</person>
--
--   inline.show(doc, text, labels)      labels: a set, nil: all
--
-- & < > of the text become entities; all its other bytes are written as they are.  Markup is well
-- nested: a tag that ends inside another which began earlier is closed there with it and goes on
-- behind it as <label continued="yes">.

local export = require "postil.export"

local M = {}

local ENTITY = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
  ["\n"] = "&#10;", ["\r"] = "&#13;", ["\t"] = "&#9;" }

local function opening(doc, text, tag)
  local out = { "<" .. tag.label }
  local list = export.attributes(doc, tag, tag.label)
  for i = 1, #list do
    local words = export.value_words(text, list[i].value)
    out[i + 1] = ' ' .. list[i].name .. '="' .. words:gsub('[&<>"\n\r\t]', ENTITY) .. '"'
  end
  return table.concat(out) .. ">"
end

-- A writer: copies the text and keeps the tags that are open, outermost first.
local Writer = {}
Writer.__index = Writer

-- Copies the text up to byte `last`, inclusive.
function Writer:copy(last)
  if last < self.at then return end
  self:emit((self.text:sub(self.at, last):gsub("[&<>]", ENTITY)))
  self.at = last + 1
end

function Writer:emit(s) self.out[#self.out + 1] = s end

-- Closes the open tags that end at byte `last`; what is open inside them is closed and opened
-- again.
function Writer:close(last)
  local open, outermost, again = self.open, nil, {}
  for i = #open, 1, -1 do if open[i].last == last then outermost = i end end
  self:copy(last)
  for i = #open, outermost, -1 do
    self:emit("</" .. open[i].label .. ">")
    if open[i].last > last then table.insert(again, 1, open[i]) end
    open[i] = nil
  end
  for _, tag in ipairs(again) do
    self:emit("<" .. tag.label .. ' continued="yes">')
    open[#open + 1] = tag
  end
end

-- Closes all that end before byte `place`, earliest first.
function Writer:close_before(place)
  while true do
    local next_last
    for _, tag in ipairs(self.open) do
      if tag.last < place and (not next_last or tag.last < next_last) then next_last = tag.last end
    end
    if not next_last then return end
    self:close(next_last)
  end
end

function M.show(doc, text, labels)
  local writer = setmetatable({ text = text, out = {}, open = {}, at = 1 }, Writer)
  for _, tag in ipairs(export.wanted(doc, labels)) do
    local span = { first = tag.first, last = tag.last, label = tag.label }
    writer:close_before(span.first)
    writer:copy(span.first - 1)
    writer:emit(opening(doc, text, tag))
    writer.open[#writer.open + 1] = span
  end
  writer:close_before(#text + 1)
  writer:copy(#text)
  return table.concat(writer.out)
end

return M

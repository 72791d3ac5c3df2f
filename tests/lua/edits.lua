-- edits.lua - random edits of random news, for the law that an edited document is that of its text.
--
--   local edits = require "edits"
--   local story = edits.new(seed)      numbers of its own: the same on every machine
--   story:text(n)                      about n paragraphs
--   story:next(text)                   first, last, new text (last = first - 1: an insertion)

local M = {}
M.__index = M

local function words(text)
  local list = {}
  for word in text:gmatch "[^|]+" do list[#list + 1] = word end
  return list
end

local NAMES = words("Anna Berg|Berg|Karl Otto Berg|Otto Lind|Lind|Maria de Vries|de Vries|" ..
  "Sergei Orlov|Orlov|President Orlov|Foreign Minister Maria de Vries|Tallinn|Oslo|" ..
  "Ministry of Health|the Ministry|Norsk Hydro ASA|Hydro|Éva Szűcs|Szűcs|Mr. Lind|Ms. Berg")
local PRONOUNS = words "he|she|they|He|She|it"
local CUES = words "said|says|told reporters|added|asked|according to|wrote"
local OPEN = { '"', "“", "«", "‘", "'", "„", "”", "``", "" }
local CLOSE = { '"', "”", "»", "’", "'", "“", "”", "''", "" }
local TALK = words("We will not go|It is over.|No,|Nobody knows|The bill is $3.5 million|Why?|" ..
  "I met Otto Lind|we don't know ‘why’ yet")
local PLAIN = words("The talks began on 3 March 2021.|Yesterday it rained.|Some 1,200 people came.|" ..
  "The dog's tail was 30 cm long.|Nothing else happened|Prices rose by 4.5 percent.|It was late...")
local LINES = words("OSLO, March 3 (Reuters) –|Advertisement|* * *|By Anna Berg|Read more:|— Yes.|" ..
  "\t|Related: The Bill|Photo: Otto Lind|1234567890|Copyright 2020")
local BITS = { "\n", "\n\n", " ", "\t", "\r\n", "\n \n", '"', "“", "”", "«", "»", "'", "’", ",", ".",
  "?", "a", "B", "é", "\204\129", "said", " he said", "<b>", "</b>", "\226", "\128", "\0", "…",
  "-", "—", "\226\128\168", "1", "Berg", " Lind " }

function M.new(seed)
  return setmetatable({ state = seed % 2147483647 + 1 }, M)
end

function M:number(n)
  self.state = self.state * 16807 % 2147483647
  return self.state % n + 1
end

function M:one(list) return list[self:number(#list)] end

function M:chance(percent) return self:number(100) <= percent end

function M:quotation()
  local k = self:number(#OPEN)
  if self:chance(20) then return self:one(OPEN) .. self:one(TALK) .. self:one(CLOSE) end
  return OPEN[k] .. self:one(TALK) .. CLOSE[k]
end

function M:sentence()
  local kind = self:number(10)
  if kind <= 3 then
    return self:quotation() .. self:one { ", ", " ", "," } .. self:one(CUES) .. " " ..
      (self:chance(70) and self:one(NAMES) or self:one(PRONOUNS)) ..
      self:one { ".", ",", "", ". " .. self:quotation() }
  elseif kind <= 5 then
    return self:one(NAMES) .. " " .. self:one(CUES) .. self:one { ": ", ", ", " that " } .. self:quotation()
  elseif kind <= 7 then
    return self:one(NAMES) .. " met " .. self:one(NAMES) .. self:one { ".", "", "; " } .. " " ..
      self:one(PRONOUNS) .. " left."
  end
  return self:one(PLAIN)
end

-- A quotation that goes on over paragraphs.
function M:long_quotation()
  local k, list = self:number(#OPEN), {}
  for i = 1, self:number(3) + 1 do list[i] = OPEN[k] .. self:one(TALK) end
  return table.concat(list, self:one { "\n\n", "\n", " \n\n", "\n* * *\n" }) .. CLOSE[k]
end

function M:paragraph()
  if self:chance(12) then return self:one(LINES) end
  if self:chance(10) then return self:long_quotation() end
  if self:chance(15) then return self:quotation() end
  local list = {}
  for i = 1, self:number(3) do list[i] = self:sentence() end
  return table.concat(list, self:one { " ", " ", "\n", "  " })
end

function M:text(n)
  local list = {}
  for _ = 1, self:number(n) do
    list[#list + 1] = self:paragraph() ..
      self:one { "\n", "\n\n", "\n\n", "\n \n", "\n\n\n" }
  end
  return table.concat(list)
end

-- Where a pattern stands at or after a place, or before it.
local function find_near(text, pattern, at)
  local first, last = text:find(pattern, at)
  if not first then first, last = text:find(pattern) end
  return first, last
end

function M:edit(text)
  local at = self:number(#text + 1)
  local kind = self:number(20)
  if kind <= 3 then -- on marks
    local first, last = find_near(text, "[\"'\226\194]", at)
    if first then
      if self:chance(50) then return first, last, "" end
      return first, self:chance(50) and last or first - 1, self:one(BITS)
    end
  elseif kind <= 6 then -- newlines
    local first, last = find_near(text, "[\r\n]+", at)
    if first and self:chance(60) then return first, last, self:one { "", " ", "\n", "\n\n" } end
    return at, at - 1, self:one { "\n", "\n\n", "\r\n" }
  elseif kind <= 9 then -- names
    local first, last = find_near(text, "%u%l+", at)
    if first then
      local way = self:number(4)
      if way == 1 then return first, last, self:one(NAMES) end
      if way == 2 then return last, last, "" end
      if way == 3 then return first, last, "" end
      return last + 1, last, self:one { "s", "a", " ", "." }
    end
  elseif kind == 10 then -- first lines
    return self:number(math.min(#text, 20) + 1), 0, nil
  elseif kind <= 12 then -- a stretch goes
    return at, math.min(#text, at + self:number(80)), ""
  elseif kind == 13 then
    return at, math.min(#text, at + self:number(300)), self:text(3)
  elseif kind == 14 then
    return at, at - 1, self:text(4)
  elseif kind == 15 and #text > 400 then
    return at, math.min(#text, at + self:number(#text)), ""
  end
  if self:chance(40) and at <= #text then return at, at, "" end
  return at, at - 1, self:one(BITS)
end

-- An edit that is whole.
function M:next(text)
  local first, last, new = self:edit(text)
  if not new then last, new = first - 1, self:one(BITS) end
  return first, math.max(last, first - 1), new
end

return M

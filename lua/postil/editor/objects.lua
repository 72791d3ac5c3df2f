-- objects.lua - what stands at a place of a buffer, and where to go from there.
--
--   objects.at(buffer, position, label)      tags there (tags.lua), the innermost first
--   objects.inner(buffer, tag, position)     { first=, last= }: a quotation without its marks and
--       the blanks inside them, of several paragraphs the part at the position; of other tags all
--   objects.next(buffer, position, label, count)
--   objects.previous(buffer, position, label, count)
--       the count-th (1) tag that begins behind the position, or before it; the last that there is
--       if they are fewer: { first=, last=, label= }; or nil, words
--   objects.partner(buffer, position)        where what stands there leads, { first=, last= }: a
--       quotation to its speaker, a speaker to his next quotation, another mention to the first
--       full mention of the same name; or nil, words
--
-- Labels may be joined: "person|org".

local kinds = require "postil.kinds"
local said = require "postil.said"

local M = {}

-- ---- what stands there --------------------------------------------------------------------------

function M.at(buffer, position, label)
  if position > buffer:text_size() then return {} end
  local list, order = buffer:tags(position, position, label), {}
  for i, tag in ipairs(list) do order[tag] = i end
  table.sort(list, function(a, b)
    local size, other = a.last - a.first, b.last - b.first
    if size ~= other then return size < other end
    return order[a] > order[b] -- of the same place what was put there later
  end)
  return list
end

-- ---- inside of a quotation ----------------------------------------------------------------------

local MARKS = { "“", "”", "„", "‟", "«", "»", "‘", "’", "‚", "‛", "‹", "›", "「", "」", "『", "』",
  "``", "''", ",,", '"', "'", "`" }
local BLANKS = { " ", "\t", "\r", "\n", "\194\160", "\226\128\175", "\226\128\137" }

-- How many bytes of s one of a list takes at its beginning, or at its end; 0: none.
local function size_of(s, list, at_end)
  for _, one in ipairs(list) do
    local part = at_end and s:sub(-#one) or s:sub(1, #one)
    if part == one then return #one end
  end
  return 0
end

-- The bytes of one mark and the blanks inside it, at an end of s.  A dash that begins it is one.
local function mark_size(s, at_end)
  local size = size_of(s, MARKS, at_end)
  if size == 0 and not at_end then size = size_of(s, { "—", "–", "-" }) end
  local more = size
  while size > 0 and more > 0 do
    more = size_of(at_end and s:sub(1, -size - 1) or s:sub(size + 1), BLANKS, at_end)
    size = size + more
  end
  return size
end

-- The part of a quotation at a position, else the last one before it, else the first.
local function part_at(tag, position)
  local found = tag.parts[1]
  for _, part in ipairs(tag.parts) do
    if position and part.first <= position then found = part end
  end
  return found or tag
end

-- Whether another quotation inside this one begins, or ends, just there: then the mark is its own.
local function is_shared(buffer, tag, at, side)
  for _, other in ipairs(buffer:tags(at, at, "quote")) do
    if other.depth > tag.depth and other[side] == at then return true end
  end
  return false
end

function M.inner(buffer, tag, position)
  if tag.label ~= "quote" then return { first = tag.first, last = tag.last } end
  local part = part_at(tag, position)
  local first, last = part.first, part.last
  local text = buffer:text(first, last)
  if not is_shared(buffer, tag, first, "first") then first = first + mark_size(text, false) end
  if first <= last and not is_shared(buffer, tag, last, "last") then
    last = last - mark_size(buffer:text(first, last), true)
  end
  return { first = first, last = math.max(last, first - 1) }
end

-- ---- moving on ----------------------------------------------------------------------------------

local WINDOW = 4096 -- bytes that are looked at first

local NOWHERE = "there is no %s %s here"

-- The places in a window where tags begin, each once, the longest of each, by place.
local function beginnings(buffer, first, last, label)
  local spans, list = buffer:spans(first, last, label), {}
  for i = 1, #spans, 3 do
    local before = list[#list]
    if spans[i] >= first and not (before and before.first == spans[i]) then
      list[#list + 1] = { first = spans[i], last = spans[i + 1],
        label = buffer:label(spans[i + 2]) }
    end
  end
  return list
end

function M.next(buffer, position, label, count)
  local first, size = position + 1, WINDOW
  count = count or 1
  local found
  while first <= buffer:text_size() do
    local list = beginnings(buffer, first, first + size - 1, label)
    for _, one in ipairs(list) do
      if one.first < first + size and count > 0 then found, count = one, count - 1 end
    end
    if count == 0 then break end
    first, size = first + size, size * 2
  end
  return found, not found and NOWHERE:format(label or "tag", "behind") or nil
end

function M.previous(buffer, position, label, count)
  local last, size = math.min(position - 1, buffer:text_size()), WINDOW
  count = count or 1
  local found
  while last >= 1 do
    local first = math.max(1, last - size + 1)
    local list = beginnings(buffer, first, last, label)
    for i = #list, 1, -1 do
      if count > 0 then found, count = list[i], count - 1 end
    end
    if count == 0 then break end
    last, size = first - 1, size * 2
  end
  return found, not found and NOWHERE:format(label or "tag", "before") or nil
end

-- ---- partners -----------------------------------------------------------------------------------

local REACH = 32768 -- bytes from a speaker to his quotation, on each side

-- The quotation whose speaker stands at a position: the next one, else the last before it.
local function quotation_of(buffer, position)
  local before, behind
  for _, tag in ipairs(buffer:tags(position - REACH, position + REACH, "quote")) do
    local speaker = tag.speaker
    if type(speaker) == "table" and speaker.first <= position and speaker.last >= position then
      if tag.first > position then behind = behind or tag else before = tag end
    end
  end
  return behind or before
end

local function squeezed(text) return (text:gsub("%s+", " ")) end

-- The first mention of a name that says it in full, else the first at all.
local function antecedent(buffer, tag)
  local first
  for other in buffer.doc:each(tag.label) do
    if other.name == tag.name then
      first = first or { first = other.first, last = other.last }
      if squeezed(other.text) == tag.name then
        return { first = other.first, last = other.last }
      end
    end
  end
  return first
end

local function place(one) return { first = one.first, last = one.last } end

function M.partner(buffer, position)
  local tag = M.at(buffer, position)[1]
  local quote = (not tag or tag.label ~= "quote") and quotation_of(buffer, position)
  if quote then return place(quote) end
  if not tag then return nil, "nothing is tagged here" end
  if tag.label == "quote" then
    if type(tag.speaker) == "table" then return place(tag.speaker) end
    local name = said.speaker(tag)
    return nil, name and "the speaker, " .. name .. ", has no place in the text"
      or "no speaker of this quotation is known"
  end
  if not kinds.names(tag.label) then
    return nil, tag.label .. " names nobody: it leads nowhere"
  end
  local full = antecedent(buffer, tag)
  if not full then return nil, "the text is not tagged that far yet" end
  if full.first == tag.first then return nil, "this is the first full mention" end
  return full
end

return M

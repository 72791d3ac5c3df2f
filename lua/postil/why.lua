-- why.lua - why something is tagged at a place, or is not: what doc:why gives, and in words.
--
--   print(doc:why(1857))
--   vetoed   tag.person#13 news.lua:31 "Last Wednesday" <- veto.person#14 news.lua:40 "Wednesday"
--
-- The core tells it with numbers of rules and patterns (lua/why.c); here these become files, lines
-- and the author's own words.

local visible = require "postil.visible"

local M = {}

local TEXT_MAX = 60 -- bytes of the text that a line shows of each thing
local NEXT_MAX = 20 -- and of what stands where a pattern stopped

-- A piece of the text for people: one line, a long one cut in its middle.
local function shorten(text)
  text = text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")
  if #text > TEXT_MAX then
    local half = TEXT_MAX / 2 - 2
    text = text:sub(1, half):gsub("[\192-\255]?[\128-\191]*$", "") .. " … "
      .. text:sub(-half):gsub("^[\128-\191]+", "")
  end
  return '"' .. visible.line(text) .. '"'
end

-- "tag.person#13 news.lua:31", or the label of what no rule made.
local function who(e)
  local words = e.label or ""
  if e.verb then words = e.verb .. "." .. words .. (e.n and "#" .. e.n or "") end
  if e.file then words = words .. " " .. visible.line(e.file) .. ":" .. (e.line or "?") end
  return words
end

local function who_and_what(e)
  local words = who(e)
  return (words == "" and "" or words .. " ") .. shorten(e.text)
end

local function tenths(n) return ("%d.%d"):format(math.floor(n / 10), n % 10) end

local SPEAKER = { part = "goes on from", turn = "takes turns with",
  quoted = "has the speaker of", pronoun = "has a pronoun that means" }

local words = {} -- by kind: what is said of an entry

function words.tag(e)
  return who_and_what(e) .. (e.by and " <- " .. who_and_what(e.by) or "")
end

function words.merged(e)
  return who_and_what(e) .. " <- " .. who(e.by) .. ", which " .. e.how
end

function words.amended(e)
  return who(e) .. " " .. shorten(e.match.text)
    .. (e.by and "; the speaker is " .. who_and_what(e.by) or "")
end

function words.speaker(e)
  return ("%s %s %s"):format(shorten(e.text), SPEAKER[e.how],
    e.by and who_and_what(e.by) or "nobody")
end

function words.cost(e)
  return ("%s %s: %s%s"):format(e.text == "" and "at the end" or shorten(e.text), e.how,
    tenths(e.cost),
    e.margin and "; in another role " .. tenths(e.margin) .. " more" or "")
end

function words.fault(e)
  return shorten(e.text) .. " " .. e.how
end

function words.around(e)
  return ("%s is around it; %s is tagged"):format(who(e) .. " " .. shorten(e.match.text),
    shorten(e.text))
end

function words.hidden(e)
  return "no rule looks inside " .. who_and_what(e.by)
end

function words.vetoed(e)
  return who_and_what(e) .. " <- " .. who_and_what(e.by)
end

function words.beaten(e)
  return who_and_what(e) .. " <- " .. who_and_what(e.by) .. ", which " .. e.how
end

function words.refused(e)
  return who_and_what(e) .. " <- " .. e.how .. (e.wanted and " = " .. shorten(e.wanted) or "")
end

function words.limit(e)
  return who(e) .. " takes too many steps in this paragraph; it finds nothing"
end

function words.near(e)
  local wanted = e.wanted and "wanted " .. visible.line(e.wanted) or "stopped"
  return ("%s %s at %d:%d %s"):format(who_and_what(e), wanted, e.at_line, e.at_column,
    shorten(e.next))
end

-- What is said of an entry, without its kind.
function M.words(e) return words[e.kind](e) end

local Entry = {}
Entry.__index = Entry
function Entry:__tostring() return ("%-8s %s"):format(self.kind, M.words(self)) end

local List = {}
List.__index = List
function List:__tostring()
  local lines = {}
  for i, entry in ipairs(self) do lines[i] = tostring(entry) end
  return table.concat(lines, "\n")
end

-- [first, last] of a pattern with the other halves of its brackets, and the repeat behind it, which
-- belongs to what it repeats: <cap>{2,3}.
local function whole(pattern, first, last)
  local open, from, to = {}, first, last
  local at = pattern:find "[%(%)%[%]\\]"
  while at do
    local char, start = pattern:sub(at, at), nil
    if char == "(" or char == "[" then open[#open + 1] = at
    elseif char ~= "\\" then start = table.remove(open) end
    if start and at >= first and at <= last then from = math.min(from, start) end
    if start and start >= first and start <= last then to = math.max(to, at) end
    at = pattern:find("[%(%)%[%]\\]", at + (char == "\\" and 2 or 1))
  end
  local rest = pattern:sub(to + 1)
  return pattern:sub(from, to) .. (rest:match "^[?*+]%??" or rest:match "^{%d+,?%d*}%??" or "")
end

-- What stands where a pattern stopped: up to a few words.
local function next_words(text, at)
  local piece = text:sub(at, at + NEXT_MAX - 1)
  if at + NEXT_MAX > #text then return piece end
  return piece:match "^(.*%S)%s" or (piece:gsub("[\192-\255]?[\128-\191]*$", ""))
end

-- Gives entries the places of their rules.  Of a set that was closed only statements are known.
local function find_rules(set, list)
  local asks, asked = {}, {}
  for _, entry in ipairs(list) do
    for _, e in ipairs { entry, entry.by } do
      if e.number then
        asked[#asked + 1] = e
        asks[#asked] = { number = e.number, pattern = e.pattern, option = e.how }
      end
    end
  end
  local ran, ok, places = pcall(set.core.call, set.core, function() end, "places", asks)
  for i, e in ipairs(asked) do
    local rule, place = set.rules[e.number], ran and ok and places[i] or {}
    e.verb, e.file, e.why = rule.verb, rule.file, rule.why
    e.n, e.line, e.column = place.n, place.line or rule.line, place.column
    if e.kind == "refused" then e.wanted = place.option end
    if e.kind == "near" and place.pattern then
      e.wanted = whole(place.pattern, e.wanted_first, e.wanted_last)
    end
  end
end

-- The list of entries of doc:why from the core's plain tables; columns count in `unit`.
function M.of(set, doc, list, unit)
  local text = doc:text()
  find_rules(set, list)
  for _, entry in ipairs(list) do
    entry.text = text:sub(entry.first, entry.last)
    if entry.by then entry.by.text = text:sub(entry.by.first, entry.by.last) end
    if entry.match then entry.match.text = text:sub(entry.match.first, entry.match.last) end
    if entry.at then
      local line, bytes, chars, utf16 = doc:place(entry.at)
      entry.at_line = line
      entry.at_column = unit == "chars" and chars or unit == "utf16" and utf16 or bytes
      entry.next = next_words(text, entry.at)
    end
    setmetatable(entry, Entry)
  end
  return setmetatable(list, List)
end

return M

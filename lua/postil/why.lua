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
local WANTED_MAX = 80 -- bytes of a pattern that a line shows

-- Words in one line, of more than `most` bytes only the ends.
local function shorten(text, most)
  text = text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")
  if #text > most then
    local half = most / 2 - 2
    text = text:sub(1, half):gsub("[\192-\255]?[\128-\191]*$", "") .. " … "
      .. text:sub(-half):gsub("^[\128-\191]+", "")
  end
  return visible.line(text)
end

-- A piece of the text for people.
local function quoted(text) return '"' .. shorten(text, TEXT_MAX) .. '"' end

-- "tag.person#13 news.lua:31", or the label of what no rule made.
local function who(e)
  local words = e.label or ""
  if e.verb then words = e.verb .. "." .. words .. (e.n and "#" .. e.n or "") end
  if e.file then words = words .. " " .. visible.line(e.file) .. ":" .. (e.line or "?") end
  return words
end

local function who_and_what(e)
  local words = who(e)
  return (words == "" and "" or words .. " ") .. quoted(e.text)
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
  return who(e) .. " " .. quoted(e.match.text)
    .. (e.by and "; the speaker is " .. who_and_what(e.by) or "")
end

function words.speaker(e)
  return ("%s %s %s"):format(quoted(e.text), SPEAKER[e.how],
    e.by and who_and_what(e.by) or "nobody")
end

function words.cost(e)
  return ("%s %s: %s%s"):format(e.text == "" and "at the end" or quoted(e.text), e.how,
    tenths(e.cost),
    e.margin and "; in another role " .. tenths(e.margin) .. " more" or "")
end

function words.fault(e)
  return quoted(e.text) .. " " .. e.how
end

function words.around(e)
  return ("%s is around it; %s is tagged"):format(who(e) .. " " .. quoted(e.match.text),
    quoted(e.text))
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
  return who_and_what(e) .. " <- " .. e.how .. (e.wanted and " = " .. quoted(e.wanted) or "")
end

function words.limit(e)
  return who(e) .. " takes too many steps in this paragraph; it finds nothing"
end

function words.near(e)
  local wanted = e.wanted and "wanted " .. shorten(e.wanted, WANTED_MAX) or "stopped"
  return ("%s %s at %d:%d %s"):format(who_and_what(e), wanted, e.at_line, e.at_column,
    quoted(e.next))
end

M.quoted = quoted

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

-- The pairs of brackets in a pattern, inner ones first: { first, last }.
local function brackets(pattern)
  local open, pairs_of = {}, {}
  local at = pattern:find "[%(%)%[%]\\]"
  while at do
    local char = pattern:sub(at, at)
    if char == "(" or char == "[" then open[#open + 1] = at
    elseif char ~= "\\" and #open > 0 then
      pairs_of[#pairs_of + 1] = { table.remove(open), at }
    end
    at = pattern:find("[%(%)%[%]\\]", at + (char == "\\" and 2 or 1))
  end
  return pairs_of
end

-- Has a piece of a pattern a choice that is not inside its own brackets?
local function has_choice(piece)
  return piece:gsub("\\.", ""):gsub("<[^>]*>", ""):gsub("%b()", ""):gsub("%b[]", ""):find "|"
end

-- [first, last] of a pattern with the other halves of its brackets, those around a choice, and the
-- repeat behind it, which belongs to what it repeats: (<cap>|of){2,3}.
local function whole(pattern, first, last)
  local from, to, around = first, last, nil
  for _, pair in ipairs(brackets(pattern)) do
    local starts = pair[1] >= first and pair[1] <= last
    local ends = pair[2] >= first and pair[2] <= last
    if starts then to = math.max(to, pair[2]) end
    if ends then from = math.min(from, pair[1]) end
    if not around and pair[1] < first and pair[2] > last then around = pair end
  end
  if around and has_choice(pattern:sub(from, to)) then from, to = around[1], around[2] end
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
  local places = set:places(asks) or {}
  for i, e in ipairs(asked) do
    local rule, place = set.rules[e.number], places[i] or {}
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

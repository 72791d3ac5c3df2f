-- lists.lua - rows for location lists and pickers: what the command's who, names, find and check
-- say of a text, in the same order.
--
--   lists.who(buffer, name)      quotations by speaker, most quoted first; with a name, as somebody
--                                typed it, only his
--   lists.names(buffer, label)   each name at its first mention, most frequent first; without a
--                                label all that names somebody or something
--   lists.find(buffer, name)     mentions of a name, as somebody typed it, by place
--   lists.quotes(buffer)         quotations by place
--   lists.faults(buffer, byte, most)  faults by place, and how many there are besides; with a byte
--                                and a number only so many, those nearest to it
--   lists.tags(buffer, label)    tags of a label, or all that are no helpers, by place
--   lists.words(buffer, row)     what a row says
--   lists.of, lists.nothing      these by the command's words (who, names, find, check, list), and
--                                what is said where nothing is found
--
-- A row is { first=, last= } and, where it has them, words (one line without controls; not of
-- tags), label, name, count, and fault, repair, safe (as faults.lua has them).  Of a buffer that is
-- not done they tell what was found so far.

local ansi = require "postil.ansi"
local around = require "postil.around"
local faults = require "postil.faults"
local kinds = require "postil.kinds"
local matches = require "postil.matches"
local mentions = require "postil.mentions"
local named = require "postil.named"
local said = require "postil.said"
local visible = require "postil.visible"

local M = {}

-- What is said of a quotation: who speaks, and its words.
local function quote_words(text, tag, speaker)
  local words = visible.line(tag.text)
  if speaker then return visible.line(speaker) .. ": " .. words end
  local known = ansi.speaker_words(text, tag)
  return known and words .. "  ‹" .. visible.line(known) .. "›" or words
end

local function quote_row(text, tag)
  local speaker = said.speaker(tag)
  return { first = tag.first, last = tag.last, label = "quote", name = speaker,
    words = quote_words(text, tag, speaker) }
end

function M.who(buffer, name)
  local groups, text, rows = said.groups(), buffer:text(), {}
  local wanted = name and matches.name(name)
  for tag in buffer.doc:each "quote" do
    if said.is_speech(tag) then groups:add(said.speaker(tag), quote_row(text, tag)) end
  end
  for _, group in ipairs(groups:list()) do
    local fits = not wanted or group.name and wanted(group.name)
    for _, row in ipairs(fits and group.quotes or {}) do rows[#rows + 1] = row end
  end
  return rows
end

function M.names(buffer, label)
  local all = named.new()
  for _, one in ipairs(buffer.doc:names(label)) do
    if label or kinds.names(one.label) then
      all:add(one, function() return { first = one.first, last = one.last } end)
    end
  end
  local rows = all:list()
  for _, row in ipairs(rows) do
    row.words = ("%s  %s  %d"):format(visible.line(row.name), row.label, row.count)
  end
  return rows
end

function M.find(buffer, name)
  local text = buffer:text()
  local rows = mentions.of(buffer.doc, matches.name(name))
  for _, row in ipairs(rows) do
    row.words = visible.line(table.concat { around.line(buffer.doc, text, row.first, row.last) })
  end
  return rows
end

function M.quotes(buffer)
  local text, rows = buffer:text(), {}
  for tag in buffer.doc:each "quote" do rows[#rows + 1] = quote_row(text, tag) end
  return rows
end

-- The first and the last of the most in a list by place that are nearest to a byte.
local function nearest(list, byte, most)
  local first = 1
  while list[first] and list[first].first < byte do first = first + 1 end
  local last = first - 1
  while last - first + 1 < most do
    local before, behind = list[first - 1], list[last + 1]
    if not (before or behind) then break end
    if not behind or before and byte - before.first <= behind.first - byte then
      first = first - 1
    else
      last = last + 1
    end
  end
  return first, last
end

function M.faults(buffer, byte, most)
  local list, rows = faults.of(buffer.doc), {}
  local first, last = nearest(list, byte or 1, most or #list)
  for i = first, last do
    local fault = list[i]
    rows[#rows + 1] = { first = fault.first, last = fault.last, fault = fault.fault,
      repair = fault.repair, safe = fault.safe,
      words = fault.fault .. ": " .. visible.line(fault.words) }
  end
  return rows, #list - #rows
end

function M.tags(buffer, label)
  local spans, rows = buffer:spans(nil, nil, label), {}
  for i = 1, #spans, 3 do
    rows[#rows + 1] = { first = spans[i], last = spans[i + 1], label = buffer:label(spans[i + 2]) }
  end
  return rows
end

-- What a row says; a tag's words are made only now.
function M.words(buffer, row)
  return row.words or row.label .. ": " .. visible.line(buffer:text(row.first, row.last))
end

M.of = { who = M.who, names = M.names, find = M.find, check = M.faults, list = M.tags }

M.nothing = { who = "nobody is quoted", names = "nothing is named", find = "no mention of it",
  check = "no faults", list = "nothing is tagged" }

return M

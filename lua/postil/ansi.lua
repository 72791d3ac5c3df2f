-- ansi.lua - a document for eyes: the text with its tags in colours, and a legend.
--
--   ansi.show(doc, text, { styles = , order = , color = true, labels = , legend = , signs = })
--
-- What is added to the text: a legend and an empty line in front, if anything is marked (not if
-- `legend` is false); behind a quotation ‹its speaker›; at a missing mark ‹missing-open› and the
-- like; a newline at the end if the text has none; and control characters are shown (visible.lua).
-- All else is the text, byte for byte, once the colour sequences are taken out.  A colour is closed
-- before each line end and opened again behind it: pagers that show one line at a time stay right.
--
-- With `signs` an invisible character stands in front of each quotation, another in front of each
-- name, and nowhere else: where they are in the text they are shown.  The keys of
-- plugin/less/lesskey look for them.

local export = require "postil.export"
local kinds = require "postil.kinds"
local visible = require "postil.visible"

local M = {}

local concat = table.concat

-- U+2063 and U+2064, which take no room on a terminal, and both as a pattern.
local QUOTE_SIGN, NAME_SIGN, SIGNS = "\226\129\163", "\226\129\164", "\226\129[\163\164]"
local SIGN_WORDS = { [QUOTE_SIGN] = "<U+2063>", [NAME_SIGN] = "<U+2064>" }

local function sgr(numbers) return numbers == "" and "" or "\27[" .. numbers .. "m" end

-- words in a style of their own.
local function dress(words, numbers, color)
  if not color or numbers == "" then return words end
  return sgr(numbers) .. words .. "\27[0m"
end
M.dress = dress

-- A speaker as it is shown: the name, else the words that stand in the text; nil: none known.
local function speaker_words(text, tag)
  local speaker = tag.speaker
  if type(speaker) == "string" then return speaker end
  if type(speaker) ~= "table" then return nil end
  return speaker.name or text:sub(speaker.first, speaker.last)
end
M.speaker_words = speaker_words

-- The sign in front of a tag, if it gets one.
local function sign_of(tag)
  if tag.label == "quote" then return (tag.depth or 0) == 0 and QUOTE_SIGN or nil end
  return kinds.names(tag.label) and NAME_SIGN or nil
end

-- Marks: what begins, ends or is inserted, by byte.  A mark is { at = byte before which it counts,
-- rank, style, words or sign }; ends come before insertions before starts.
local function marks_of(doc, text, options)
  local marks, seen = {}, {}
  local function add(at, rank, mark)
    mark.at, mark.rank, mark.n = at, rank, #marks
    marks[#marks + 1] = mark
  end
  for _, tag in ipairs(export.wanted(doc, options.labels)) do
    local span = { style = options.styles[tag.label] }
    seen[tag.label] = true
    add(tag.first, 3, { start = span })
    add(tag.last + 1, 1, { stop = span })
    local sign = options.signs and sign_of(tag)
    if sign then add(tag.first, 2, { sign = sign }) end
    if tag.label == "quote" and (tag.depth or 0) == 0 then
      local words = speaker_words(text, tag)
      if words then add(tag.last + 1, 2, { words = words, style = options.styles.speaker }) end
    end
  end
  for _, fault in ipairs(doc:faults()) do
    seen.fault = true
    if fault.last >= fault.first then
      local span = { style = options.styles.fault }
      add(fault.first, 4, { start = span })
      add(fault.last + 1, 1, { stop = span })
    else
      add(fault.first, 2, { words = fault.fault, style = options.styles.fault })
    end
  end
  table.sort(marks, function(a, b)
    if a.at ~= b.at then return a.at < b.at end
    if a.rank ~= b.rank then return a.rank < b.rank end
    return a.n < b.n
  end)
  return marks, seen
end

local function legend(seen, options)
  local words, known = {}, {}
  local function add(label)
    known[label] = true
    if seen[label] then words[#words + 1] = dress(label, options.styles[label], options.color) end
  end
  for _, label in ipairs(options.order) do add(label) end
  local others = {}
  for label in pairs(seen) do if not known[label] then others[#others + 1] = label end end
  table.sort(others)
  for _, label in ipairs(others) do add(label) end
  return concat(words, "  ")
end

-- The sequence that sets all open styles, and nothing else.
local function style_of(open)
  local numbers = {}
  for i = 1, #open do if open[i].style ~= "" then numbers[#numbers + 1] = open[i].style end end
  return #numbers > 0 and "\27[" .. concat(numbers, ";") .. "m" or ""
end

function M.show(doc, text, options)
  local marks, seen = marks_of(doc, text, options)
  local color, styles = options.color, options.styles
  local explained = options.legend ~= false and next(seen)
  local out = { explained and legend(seen, options) .. "\n\n" or "" }
  local open, style, at = {}, "", 1
  local function control(words)
    return dress(words, styles.control, color) .. (color and style or "")
  end
  local function copy(to) -- bytes before `to`
    if to <= at then return end
    local piece, tail = text:sub(at, to - 1), ""
    if piece:sub(-1) == "\r" and text:byte(to) == 10 then piece, tail = piece:sub(1, -2), "\r" end
    local shown = visible.text(piece, control) .. tail
    if options.signs then
      shown = shown:gsub(SIGNS, function(sign) return control(SIGN_WORDS[sign]) end)
    end
    -- A CR that is left belongs to a line end.
    if style ~= "" then shown = shown:gsub("[^\r\n]+", style .. "%0\27[0m") end
    out[#out + 1], at = shown, to
  end
  for _, mark in ipairs(marks) do
    copy(mark.at)
    if mark.sign then
      out[#out + 1] = mark.sign
    elseif mark.words then
      local words = "‹" .. visible.line(mark.words) .. "›"
      out[#out + 1] = (mark.style == styles.fault and "" or " ") .. dress(words, mark.style, color)
    elseif mark.start then
      open[#open + 1] = mark.start
    else
      for i = #open, 1, -1 do
        if open[i] == mark.stop then table.remove(open, i) break end
      end
    end
    style = color and style_of(open) or ""
  end
  copy(#text + 1)
  if text:sub(-1) ~= "\n" then out[#out + 1] = "\n" end
  return concat(out)
end

return M

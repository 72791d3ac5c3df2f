-- ctags.lua - names and quotations as a tags file, as Universal Ctags writes them: any editor that
-- knows tags jumps to every mention.
--
--   ctags.add(entries, doc, text, file, place, unit)   place: { first, last, label, name, speaker }
--   ctags.header(version) .. ctags.sorted(entries)     the file
--
-- A mention has an entry by its words and, where that is another, one by its canonical name; a
-- quotation one by its first words.  Fields: kind (the label), line, column; name, or the speaker.

local ansi = require "postil.ansi"
local export = require "postil.export"
local visible = require "postil.visible"

local M = {}

local WORDS_MAX = 60 -- bytes of a quotation that are its tag

-- Marks that a quotation may begin with: ASCII ones, “‘„‚”’‟‛, «» and ‹›.
local MARKS = { "^[%s%p]+", "^\226\128[\152-\159]", "^\194[\171\187]", "^\226\128[\185\186]" }

-- s without the marks that it begins with, unless it is nothing else.
local function without_marks(s)
  local rest, again = s, true
  while again do
    again = false
    for _, mark in ipairs(MARKS) do
      local shorter = rest:gsub(mark, "")
      if shorter ~= rest then rest, again = shorter, true end
    end
  end
  return rest ~= "" and rest or s
end

-- The first words of a quotation.
local function first_words(s)
  local words = without_marks(s)
  if #words <= WORDS_MAX then return words end
  words = words:sub(1, WORDS_MAX + 1)
  return words:match "^(.*%S)%s" or words:gsub("[\192-\255]?[\128-\191]*$", "")
end

-- A name as the first field: never empty, and no line of the header.
local function tag_name(s)
  s = s:gsub("^ ", ""):gsub(" $", ""):gsub("^!_+", "")
  return s ~= "" and s or nil
end

local function field(name, value)
  return "\t" .. name .. ":" .. visible.line(value):gsub("\\", "\\\\")
end

function M.add(entries, doc, text, file, place, unit)
  local line, column = export.place(doc, place.first, unit)
  local words = visible.line(text:sub(place.first, place.last))
  local about, names = "", { words }
  if place.label == "quote" then
    names[1] = first_words(words)
    local speaker = ansi.speaker_words(text, place)
    if speaker then about = field("speaker", speaker) end
  elseif place.name and place.name ~= words then
    names[2] = visible.line(place.name)
    about = field("name", place.name)
  end
  local rest = ('\t%s\t%d;"\tkind:%s\tline:%d\tcolumn:%d%s\n'):format(file, line, place.label, line,
    column, about)
  for _, name in ipairs(names) do
    name = tag_name(name)
    if name then
      entries[#entries + 1] = { name = name, file = file, line = line, column = column,
        rest = rest }
    end
  end
end

function M.header(version)
  return "!_TAG_FILE_ENCODING\tutf-8\t//\n"
    .. '!_TAG_FILE_FORMAT\t2\t/extended format; --format=1 will not append ;" to lines/\n'
    .. "!_TAG_FILE_SORTED\t1\t/0=unsorted, 1=sorted, 2=foldcase/\n"
    .. "!_TAG_OUTPUT_EXCMD\tnumber\t/number, pattern, mixed, or combineV2/\n"
    .. "!_TAG_OUTPUT_MODE\te-ctags\t/u-ctags or e-ctags/\n"
    .. "!_TAG_PROGRAM_NAME\tpostil\t//\n"
    .. "!_TAG_PROGRAM_VERSION\t" .. version .. "\t//\n"
end

function M.sorted(entries)
  table.sort(entries, function(a, b)
    if a.name ~= b.name then return a.name < b.name end
    if a.file ~= b.file then return a.file < b.file end
    if a.line ~= b.line then return a.line < b.line end
    if a.column ~= b.column then return a.column < b.column end
    return a.rest < b.rest
  end)
  local out = {}
  for i, entry in ipairs(entries) do out[i] = entry.name .. entry.rest end
  return table.concat(out)
end

return M

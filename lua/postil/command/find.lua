-- find.lua - `postil find NAME`: every mention of a name, later short forms and the pronouns that
-- stand for a speaker included, as grep would print them: FILE:LINE:COL:the line.

local ansi = require "postil.ansi"
local around = require "postil.around"
local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local lists = require "postil.command.lists"
local matches = require "postil.matches"
local mentions = require "postil.mentions"
local visible = require "postil.visible"

local function mention_json(doc, text, mention, id, unit)
  local line, column = export.place(doc, mention.first, unit)
  return ('{"id":%s,"unit":"byte","start":%d,"end":%d,"line":%d,"column":%d,"label":%s,"name":%s,'
    .. '"text":%s}\n'):format(id, mention.first - 1, mention.last, line, column,
    json.string(mention.label), json.string(mention.name),
    json.string(text:sub(mention.first, mention.last)))
end

local function mention_words(run, doc, text, mention, file)
  local line, column = export.place(doc, mention.first, run.options.columns)
  local before, middle, behind = around.line(doc, text, mention.first, mention.last)
  local function dress(words, style)
    return ansi.dress(visible.line(words), run.styles[style], run.color)
  end
  return ("%s:%s:%d:%s%s%s\n"):format(dress(file, "file"), dress(tostring(line), "line"), column,
    visible.line(before), dress(middle, "match"), visible.line(behind))
end

-- How each format writes the mentions of a document.
local FORMATS = {}

function FORMATS.lines(run)
  return function(doc, text, file, _, list)
    local out = {}
    for i, mention in ipairs(list) do out[i] = mention_words(run, doc, text, mention, file) end
    run:write(table.concat(out))
  end
end

function FORMATS.jsonl(run)
  return function(doc, text, _, id, list)
    local out = {}
    for i, mention in ipairs(list) do
      out[i] = mention_json(doc, text, mention, id, run.options.columns)
    end
    run:write(table.concat(out))
  end
end

function FORMATS.vimgrep(run) return lists.vimgrep(run) end

function FORMATS.ctags(run) return lists.ctags(run) end

return function(run)
  local wanted = matches.name(run.name)
  local found = false
  local format, finish = FORMATS[run.options.to or "lines"](run)
  documents.each(run, function(doc, text, file, id)
    local list = mentions.of(doc, wanted)
    found = found or #list > 0
    format(doc, text, file, id, list)
  end)
  if finish then finish() end
  return found and 0 or 1
end

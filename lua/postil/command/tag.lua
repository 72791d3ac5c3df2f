-- tag.lua - `postil tag`: the tags of texts in one of six formats.

local documents = require "postil.command.documents"
local export = require "postil.export"
local inline = require "postil.inline"
local kinds = require "postil.kinds"
local lists = require "postil.command.lists"

local FORMATS = {}

function FORMATS.jsonl(run)
  return function(doc, _, _, id) run:write(export.jsonl(doc, id, run.labels)) end
end

function FORMATS.lines(run)
  return function(doc, text, name)
    run:write(export.lines(doc, text, name, run.labels, run.options.columns))
  end
end

function FORMATS.inline(run)
  return function(doc, text) run:write_raw(inline.show(doc, text, run.labels)) end
end

function FORMATS.ansi(run) return require "postil.command.shown"(run, { legend = true }) end

function FORMATS.vimgrep(run)
  local visit = lists.vimgrep(run)
  return function(doc, text, name, id)
    visit(doc, text, name, id, export.wanted(doc, run.labels))
  end
end

-- Without --label names and quotations only.
function FORMATS.ctags(run)
  local visit, finish = lists.ctags(run)
  local labels = run.labels or setmetatable({}, { __index = function(_, label)
    return label == "quote" or kinds.names(label)
  end })
  return function(doc, text, name, id)
    visit(doc, text, name, id, export.wanted(doc, labels))
  end, finish
end

return function(run)
  if run.options.watch then return require "postil.command.watch"(run) end
  local format = run.options.to or run.terminal and "ansi" or "jsonl"
  local visit, finish = FORMATS[format](run)
  documents.each(run, visit, format == "jsonl")
  if finish then finish() end
  return 0
end

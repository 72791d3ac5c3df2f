-- tag.lua - `postil tag`: the tags of texts in one of four formats.

local ansi = require "postil.ansi"
local documents = require "postil.command.documents"
local export = require "postil.export"
local inline = require "postil.inline"
local visible = require "postil.visible"

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

function FORMATS.ansi(run)
  local options = { styles = run.styles, order = run.order, color = run.color, labels = run.labels }
  local many, later = #run.files > 1 or run.options.from == "jsonl", false
  return function(doc, text, name)
    if many then
      run:write((later and "\n" or "")
        .. ansi.dress("── " .. visible.line(name) .. " ──", run.styles.file, run.color) .. "\n")
    end
    later = true
    run:write(ansi.show(doc, text, options))
  end
end

return function(run)
  if run.options.watch then return require "postil.command.watch"(run) end
  local format = run.options.to or run.terminal and "ansi" or "jsonl"
  documents.each(run, FORMATS[format](run), format == "jsonl")
  return 0
end

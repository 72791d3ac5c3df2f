-- lists.lua - places as editors read them: lines for a quickfix list, and a tags file.
--
--   visit = lists.vimgrep(run)            FILE:LINE:COL:the line, one for each place
--   visit, finish = lists.ctags(run)      sorted, so it is written by finish()
--
-- visit(doc, text, file, id, places), the places in order: { first, last, name, label }.
--
-- A file name is written as it is, so that the file is found; on a terminal its controls are shown.
-- A name that would break a line in two is reported and has no lines.

local around = require "postil.around"
local ctags = require "postil.ctags"
local export = require "postil.export"
local visible = require "postil.visible"

local M = {}

-- Whether a file's name can stand in a list whose fields end with one of these characters.
local function fits(run, file, ends)
  if not file:find(ends) then return true end
  run:complain(file, "the name of this file cannot stand in such a list")
  return false
end

function M.vimgrep(run)
  return function(doc, text, file, _, places)
    if not fits(run, file, "[%z\r\n]") then return end
    local out = {}
    for i, one in ipairs(places) do
      local line, column = export.place(doc, one.first, run.options.columns)
      out[i] = ("%s:%d:%d:%s\n"):format(file, line, column,
        visible.line(table.concat { around.line(doc, text, one.first, one.last) }))
    end
    run:write_raw(table.concat(out))
  end
end

function M.ctags(run)
  local entries = {}
  return function(doc, text, file, _, places)
    if fits(run, file, "[%z\t\r\n]") then
      for _, one in ipairs(places) do
        ctags.add(entries, doc, text, file, one, run.options.columns)
      end
    end
  end, function()
    run:write_raw(ctags.header(run.postil.version))
    run:write_raw(ctags.sorted(entries))
  end
end

return M

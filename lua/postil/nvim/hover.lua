-- hover.lua - a float with what is said of a place: its tags, or why they are there.
--
--   hover.show(state, position)
--   hover.why(state, position, opens)   opens: goes to the rule instead

local hover = require "postil.editor.hover"
local report = require "postil.nvim.report"

local M = {}

local function float(lines)
  vim.lsp.util.open_floating_preview(lines, "", { focus_id = "postil", border = "single" })
end

function M.show(state, position)
  local lines = hover.lines(state.text, position)
  if not lines[1] then return report.info "nothing is tagged here" end
  float(lines)
end

local function open_rule(place)
  if not place or not vim.loop.fs_stat(place.file) then
    return report.info "no rule file that can be opened says anything of this place"
  end
  vim.cmd(("split +%d %s"):format(place.line or 1, vim.fn.fnameescape(place.file)))
end

function M.why(state, position, opens)
  local lines, place = hover.why(state.text, position)
  if not lines then return report.info(place) end
  if opens then return open_rule(place) end
  if not lines[1] then return report.info "nothing is tagged here, and no rule came near" end
  float(lines)
end

return M

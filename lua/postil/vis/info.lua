-- info.lua - `:postil info`: what postil knows of a file.

local info = require "postil.editor.info"
local list = require "postil.vis.list"
local paint = require "postil.vis.paint"
local texts = require "postil.vis.texts"

local M = {}

local function how_far(state)
  if state.trouble then return state.trouble end
  return state.text.done and "all tagged" or ("%d %% tagged"):format(texts.percent(state))
end

local function lines_of(win)
  local state = texts.of(win.file)
  local lines = info.lines(state and state.text, state and how_far(state))
  if not state then lines[2] = "not on in this file: `:postil on`" end
  if not paint.can(win) then
    table.insert(lines, 2, "this vis lets no plugin define styles: nothing is highlighted")
  end
  return lines
end

function M.show(win) list.show("postil info", lines_of(win)) end

return M

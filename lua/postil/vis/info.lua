-- info.lua - `:postil info`: what postil knows of a file.

local list = require "postil.vis.list"
local paint = require "postil.vis.paint"
local postil = require "postil"
local texts = require "postil.vis.texts"
local visible = require "postil.visible"

local M = {}

-- Names and versions of the packs.
local function packs(set)
  local words = {}
  for _, pack in ipairs(set.packs) do
    words[#words + 1] = (pack.name or "?") .. (pack.version and " " .. pack.version or "")
  end
  return table.concat(words, ", ")
end

local function how_far(state)
  if state.trouble then return state.trouble end
  return state.text.done and "all tagged" or ("%d %% tagged"):format(texts.percent(state))
end

local function lines_of(win)
  local lines = { ("postil %s, Unicode %s"):format(postil.version, postil.unicode) }
  local function add(...) lines[#lines + 1] = visible.line((...):format(select(2, ...))) end
  local state = texts.of(win.file)
  if not paint.can(win) then add "this vis lets no plugin define styles: nothing is highlighted" end
  if not state then
    add "not on in this file: `:postil on`"
    return lines
  end
  add("%d bytes, %s", state.text:text_size(), how_far(state))
  add("rules: %d, packs: %s", #state.text.set.rules, packs(state.text.set))
  for _, path in ipairs(state.text:files()) do add("rule file %s", path) end
  for _, left in ipairs { state.text.untrusted or false, state.text.broken or false } do
    if left then add("left out: %s: %s", left.path, left.words) end
  end
  return lines
end

function M.show(win) list.show("postil info", lines_of(win)) end

return M

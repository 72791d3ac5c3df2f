-- info.lua - `:Postil info`: what postil knows of this buffer.

local config = require "postil.nvim.config"
local info = require "postil.editor.info"
local visible = require "postil.visible"
local work = require "postil.nvim.work"

local M = {}

function M.lines(state)
  local lines = info.lines(state and state.text,
    state and (state.trouble or work.is_done(state) and "all tagged" or "being tagged"))
  if not state then
    lines[2] = "not on in this buffer: `:Postil on`"
  elseif state.mirror.resyncs > 0 then
    lines[#lines + 1] = ("read anew: %d times"):format(state.mirror.resyncs)
  end
  for _, words in ipairs(config.faults()) do lines[#lines + 1] = visible.line(words) end
  return lines
end

function M.show(nvim)
  local chunks = {}
  for i, line in ipairs(M.lines(nvim.of(0))) do chunks[i] = { (i > 1 and "\n" or "") .. line } end
  vim.api.nvim_echo(chunks, true, {})
end

return M

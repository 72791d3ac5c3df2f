-- info.lua - `:Postil info`: what postil knows of this buffer.

local config = require "postil.nvim.config"
local postil = require "postil"
local visible = require "postil.visible"
local work = require "postil.nvim.work"

local M = {}

-- Names and versions of the packs.
local function packs(set)
  local list = {}
  for _, pack in ipairs(set.packs) do
    list[#list + 1] = (pack.name or "?") .. (pack.version and " " .. pack.version or "")
  end
  return table.concat(list, ", ")
end

function M.lines(state)
  local lines = { ("postil %s, Unicode %s"):format(postil.version, postil.unicode) }
  local function add(...) lines[#lines + 1] = visible.line((...):format(select(2, ...))) end
  if state then
    add("%d bytes, %s", state.mirror.size, state.trouble or work.is_done(state) and "all tagged"
      or "being tagged")
    add("rules: %d, packs: %s", #state.text.set.rules, packs(state.text.set))
    for _, path in ipairs(state.text:files()) do add("rule file %s", path) end
    for _, left in ipairs { state.text.untrusted or false, state.text.broken or false } do
      if left then add("left out: %s: %s", left.path, left.words) end
    end
    if state.mirror.resyncs > 0 then add("read anew: %d times", state.mirror.resyncs) end
  else
    lines[2] = "not on in this buffer: `:Postil on`"
  end
  for _, words in ipairs(config.faults()) do add("%s", words) end
  return lines
end

function M.show(nvim)
  local chunks = {}
  for i, line in ipairs(M.lines(nvim.of(0))) do chunks[i] = { (i > 1 and "\n" or "") .. line } end
  vim.api.nvim_echo(chunks, true, {})
end

return M

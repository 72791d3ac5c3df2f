-- info.lua - what postil knows of a buffer, as lines for people.
--
--   info.lines(buffer, how_far)   how_far: "all tagged", or other words; without a buffer only what
--                                 postil is

local postil = require "postil"
local visible = require "postil.visible"

local M = {}

-- Names and versions of the packs.
local function packs(set)
  local list = {}
  for _, pack in ipairs(set.packs) do
    list[#list + 1] = (pack.name or "?") .. (pack.version and " " .. pack.version or "")
  end
  return table.concat(list, ", ")
end

function M.lines(buffer, how_far)
  local lines = { ("postil %s, Unicode %s"):format(postil.version, postil.unicode) }
  local function add(...) lines[#lines + 1] = visible.line((...):format(select(2, ...))) end
  if not buffer then return lines end
  add("%d bytes, %s", buffer:text_size(), how_far)
  add("rules: %d, packs: %s", #buffer.set.rules, packs(buffer.set))
  for _, path in ipairs(buffer:files()) do add("rule file %s", path) end
  for _, left in ipairs { buffer.untrusted or false, buffer.broken or false } do
    if left then add("left out: %s: %s", left.path, left.words) end
  end
  return lines
end

return M

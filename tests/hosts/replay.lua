-- replay.lua - the text that `postil serve` has, of the one that was opened last:
--
--   lua replay.lua <requests, a line of JSON each
--
-- Writes it to standard output; how often a text was opened and how many changes came to standard
-- error.

local json_read = require "postil.json_read"

local lines, opened, changed = {}, 0, 0

local function split(content)
  local list = {}
  for line in content:gmatch "(.-)\n" do list[#list + 1] = line end
  return list
end

for request in io.lines() do
  local asked = assert(json_read.value(request))
  if asked["do"] == "open" then
    lines, opened = split(asked.content), opened + 1
  elseif asked["do"] == "lines" then
    local now = {}
    changed = changed + 1
    table.move(lines, 1, asked.first - 1, 1, now)
    for _, line in ipairs(split(asked.content)) do now[#now + 1] = line end
    table.move(lines, asked.last + 1, #lines, #now + 1, now)
    lines = now
  end
end
for _, line in ipairs(lines) do io.write(line, "\n") end
io.stderr:write(("opened %d, changed %d\n"):format(opened, changed))

-- served.lua - `postil serve` for tests: says requests to a process, and reads what it says.
--
--   local served = require "served"
--   local one = served.start(folder)       in a folder of its own; POSTIL names the command
--   one:say(line)                          a request as it is
--   one:line()                             the next line that it says; nil at its end
--   one:ask(request)                       says a table with an id of its own; the answer, and the
--                                          events that came before it
--   one:event(name, ...)                   the next event of that name among those that came and those
--                                          to come
--   one:finish()                           the end of its input; its status
--
-- Values are as of json_read.  A process that says nothing for a minute is ended.

local json_read = require "postil.json_read"

local M = {}

local Served = {}
Served.__index = Served

-- A string with its bytes as they are, also those that are no UTF-8.
local function encode_string(s)
  return '"' .. s:gsub('[%z\1-\31"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
end

-- Keys in order, so that a request is the same in every run.
local function encode(value)
  if type(value) == "string" then return encode_string(value) end
  if type(value) ~= "table" then return tostring(value) end
  local out = {}
  if value[1] ~= nil or next(value) == nil then
    for i, one in ipairs(value) do out[i] = encode(one) end
    return "[" .. table.concat(out, ",") .. "]"
  end
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = key end
  table.sort(keys)
  for i, key in ipairs(keys) do out[i] = encode_string(key) .. ":" .. encode(value[key]) end
  return "{" .. table.concat(out, ",") .. "}"
end
M.encode = encode

-- options: words behind the command.
function M.start(folder, options)
  local postil = assert(os.getenv "POSTIL", "POSTIL names the command")
  assert(os.execute(("cd %s && rm -f in && mkfifo in"):format(folder)))
  local from = assert(io.popen(("cd %s && HOME=$PWD exec timeout 60 %s serve %s <in"):format(folder,
    postil, options or ""), "r"))
  local to = assert(io.open(folder .. "/in", "wb"))
  to:setvbuf "full"
  return setmetatable({ to = to, from = from, id = 0, events = {} }, Served)
end

function Served:say(line)
  self.to:write(line, "\n")
  self.to:flush()
end

function Served:line() return self.from:read "l" end

local function decode(line) return assert(json_read.value(assert(line, "it has ended"))) end

function Served:ask(request)
  self.id = self.id + 1
  request.id = self.id
  self:say(encode(request))
  local before = {}
  while true do
    local said = decode(self:line())
    if said.event then
      before[#before + 1], self.events[#self.events + 1] = said, said
    else
      assert(said.id == self.id, "an answer to another request")
      return said, before
    end
  end
end

function Served:event(name)
  while true do
    local said = table.remove(self.events, 1) or decode(self:line())
    if said.event == name then return said end
  end
end

function Served:finish()
  self.to:close()
  local rest = self.from:read "a"
  local _, _, status = self.from:close()
  return status, rest
end

return M

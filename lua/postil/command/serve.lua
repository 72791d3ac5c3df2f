-- serve.lua - `postil serve`: reads requests from standard input and writes answers and events, one
-- line of JSON each (postil.serve.session), for as long as there is somebody on both ends.
--
-- While nothing is said, texts are tagged, a few milliseconds at a time.  What the editor does not
-- read waits here: once that is much, no more requests are taken, and events are made only when all
-- before them has been read.

local Session = require "postil.serve.session"

local LINE_MOST = 67108864 -- bytes of a request
local OUT_MOST = 1048576 -- bytes that wait to be read, before requests wait, too
local PIECES = 64 -- of output that are written in a row
local TURNS = 16 -- requests that are taken in a row while there is work to do

-- Lines out of what comes in pieces; one that is too long is false.
local Lines = {}
Lines.__index = Lines

local function end_line(self)
  local line = self.size <= LINE_MOST and table.concat(self.parts)
  if line == false or line:find "%S" then self.list[#self.list + 1] = line end
  self.parts, self.size = {}, 0
end

function Lines:add(bytes)
  local at = 1
  while true do
    local feed = bytes:find("\n", at, true)
    local part = bytes:sub(at, (feed or 0) - 1)
    self.size = self.size + #part
    if self.size <= LINE_MOST then self.parts[#self.parts + 1] = part else self.parts = {} end
    if not feed then return end
    end_line(self)
    at = feed + 1
  end
end

function Lines:finish()
  if self.size > 0 then end_line(self) end
  self.ended = true
end

function Lines:any() return self.list[self.first] ~= nil end

function Lines:next()
  local line = self.list[self.first]
  self.first = self.first + 1
  if not self:any() then self.list, self.first = {}, 1 end
  return line
end

-- What waits to be read, in order.
local Out = {}
Out.__index = Out

function Out:add(bytes)
  if not bytes or bytes == "" then return end
  self.list[#self.list + 1] = bytes
  self.size = self.size + #bytes
end

-- Writes a piece of it; raises as output.lua does.
local function write_piece(self, host)
  local n, words = host.put(self.list[1], self.at)
  if not n then
    error(words == "closed" and { closed = true } or { trouble = "cannot write: " .. words })
  end
  self.at, self.size = self.at + n, self.size - n
  if self.at <= #self.list[1] then return end
  table.remove(self.list, 1)
  self.at = 1
end

-- Writes as much of it as the reader has room for, and some at most, for there is other work.
function Out:write(host)
  local pieces, writable = 0, true
  while writable and self.size > 0 and pieces < PIECES do
    write_piece(self, host)
    pieces = pieces + 1
    local _, room, gone = host.ready(false, true, false)
    writable = room and not gone
  end
end

-- Whether a request may be taken now.
local function can_take(session, out)
  return not session.ended and not session.waiting and out.size <= OUT_MOST
end

-- Takes one request, so that its answer is on its way before the next; whether there was one.
local function take(session, lines, out)
  if not lines:any() or not can_take(session, out) then return false end
  local line = lines:next()
  out:add(line and session:take(line) or not line and Session.too_long(LINE_MOST))
  return true
end

-- Makes events once all before them has been read.
local function tell(session, out)
  if out.size == 0 then out:add(session:events()) end
end

-- One turn: writes, reads, takes, works; waits where there is nothing else to do.
local function turn(host, session, lines, out)
  tell(session, out)
  local able = can_take(session, out)
  local reads = able and not lines.ended and not lines:any()
  local waits = not (session:busy() or able and lines:any())
  local readable, writable, gone = host.ready(reads, out.size > 0, waits)
  if gone then error { closed = true } end
  if writable then out:write(host) end
  tell(session, out)
  if readable then
    local bytes = host.some()
    if bytes then lines:add(bytes) else lines:finish() end
  end
  lines.taken = take(session, lines, out) and lines.taken + 1 or 0
  if lines.taken % TURNS == 0 then session:step() end
  out:add(session:waited())
end

return function(run)
  local session = Session.new { clock = run.host.clock }
  local lines = setmetatable({ list = {}, first = 1, parts = {}, size = 0, taken = 0 },
    Lines)
  local out = setmetatable({ list = {}, at = 1, size = 0 }, Out)
  local over
  repeat
    turn(run.host, session, lines, out)
    over = session.ended or lines.ended and not lines:any() and not session.waiting
  until over and out.size == 0
  return 0
end

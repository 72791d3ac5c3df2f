-- inside.lua - `postil serve` inside of an editor whose own Lua has the binding: the same requests
-- and answers (plugin/PROTOCOL.md), by calls instead of a process.
--
--   inside.start()        a session of its own; what an earlier one had is gone
--   inside.ask(line)      a request; its answer comes out of a turn
--   inside.turn(now)      takes a request, or works some milliseconds -> lines that are said, "" if
--                         there are none; whether there is more to do
--
-- now: seconds that only go forward.  Raises what a process would end with.

local Session = require "postil.serve.session"

local M = {}

local session, requests, time

function M.start()
  requests, time = { first = 1 }, 0
  session = Session.new { clock = function() return time end }
end

function M.ask(line) requests[#requests + 1] = line end

local function any() return requests[requests.first] ~= nil end

local function next_request()
  local line = requests[requests.first]
  requests.first = requests.first + 1
  if not any() then requests = { first = 1 } end
  return line
end

function M.turn(now)
  time = now
  local answer = ""
  if any() and not session.waiting then
    answer = session:take(next_request()) or ""
  else
    session:step()
  end
  return answer .. session:events() .. (session:waited() or ""), session:busy() or any()
end

return M

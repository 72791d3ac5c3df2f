-- process.lua - the one process `postil serve`: started when it is needed, asked, and started anew,
-- once, when it dies.  It ends with micro, at the end of its input.
--
--   process.start(): bool
--   process.forgive()                 it may die once more: the user has asked for it
--   process.ask(verb, fields, hear)   hear(answer), later
--   process.ask_rows(verb, fields, most, hear)   hear(answer, total): the first of its rows
--   process.ask_faces(fields, most, hear)        the same for spans
--   process.later(seconds, go)        go() then
--   process.listen(hear)              hear(event), also { event = "restarted" } and "ended"
--
-- ../PROTOCOL.md tells what is said.  micro hands on what comes in pieces of any size, on its main
-- loop, and a request that does not fit into the pipe would stop that: so what is large is sent in
-- pieces, each when the one before has been answered (texts.lua).  Its Lua takes milliseconds for
-- a few kilobytes of JSON, so that only as much of a long answer is read as is shown.

if not import then return end -- Neovim comes by here

local config = import("micro/config")
local shell = import("micro/shell")
local strings = import("strings")

local json_read

local job         -- nil: none runs
local parts = {}  -- of the line that is coming
local deaths = 0
local number = 0  -- of the last request
local waiting = {}
local listeners = {}
local last_words = ""

process = {}

-- ---- what is said to it -------------------------------------------------------------------------

local escapes = { '"', '\\"', "\\", "\\\\" }
for code = 0, 31 do
  escapes[#escapes + 1] = string.char(code)
  escapes[#escapes + 1] = ("\\u%04x"):format(code)
end
local escaper = strings.NewReplacer(unpack(escapes))

-- Bytes that are no UTF-8 stay: columns count bytes.
local function text_of(value)
  if type(value) == "string" then return '"' .. escaper:Replace(value) .. '"' end
  if type(value) == "number" then return ("%d"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local list = {}
  for i, one in ipairs(value) do list[i] = text_of(one) end
  return "[" .. table.concat(list, ",") .. "]"
end

local function send(verb, fields, hear)
  if not job then return end
  number = number + 1
  waiting[number] = hear
  local words = { ('{"id":%d,"do":"%s"'):format(number, verb) }
  for name, value in pairs(fields) do
    words[#words + 1] = ',"' .. name .. '":' .. text_of(value)
  end
  words[#words + 1] = "}\n"
  shell.JobSend(job, table.concat(words))
end

-- ---- what it says -------------------------------------------------------------------------------

local function read(line)
  return json_read.value(line) or {}
end

local function heard(line)
  local id = line:sub(1, 24):match '^{"id":(%d+),'
  if id then
    local hear = waiting[tonumber(id)]
    waiting[tonumber(id)] = nil
    if hear then hear(line) end
    return
  end
  local event = read(line)
  if not event.event then return end
  for _, hear in ipairs(listeners) do hear(event) end
end

local function came(output)
  local from = 1
  local stop = output:find("\n", 1, true)
  while stop do
    parts[#parts + 1] = output:sub(from, stop - 1)
    local line = table.concat(parts)
    parts = {}
    heard(line)
    from = stop + 1
    stop = output:find("\n", from, true)
  end
  if from <= #output then parts[#parts + 1] = output:sub(from) end
  report.rest()
end

function process.ask(verb, fields, hear)
  send(verb, fields, function(line) hear(read(line)) end)
end

-- No string of JSON holds this: its quotation marks have backslashes there.
local ROW = '{"span":['

function process.ask_rows(verb, fields, most, hear)
  send(verb, fields, function(line)
    local total, at = strings.Count(line, ROW), 0
    if total > most then
      for _ = 1, most + 1 do at = line:find(ROW, at + 1, true) end
      line = line:sub(1, at - 2) .. "]}"
    end
    hear(read(line), total)
  end)
end

-- The same for `faces`, whose spans are five values each, a label the last of them.
function process.ask_faces(fields, most, hear)
  send("faces", fields, function(line)
    local at, total = line:find('"spans":[', 1, true), 0
    if at then total = strings.Count(line:sub(at), ',"') end
    if total > most then
      for _ = 1, most do at = line:find(',"', at + 1, true) end
      line = line:sub(1, line:find('"', at + 2, true)) .. "]}"
    end
    hear(read(line), total)
  end)
end

-- An error in what a job calls would end micro.
local function safely(go)
  return function(output)
    local ok, words = pcall(go, output)
    if not ok then report.fail(words) end
  end
end

-- micro 2.0.11 has no timer that Lua may use: time.AfterFunc calls while other Lua runs.
function process.later(seconds, go)
  shell.JobSpawn("sleep", { tostring(seconds) }, nil, nil, safely(go))
end

-- ---- its life -----------------------------------------------------------------------------------

local function tell(name)
  for _, hear in ipairs(listeners) do hear { event = name } end
end

local function ended(which)
  job, waiting, parts = nil, {}, {}
  if which.Process == nil then
    local command = config.GetGlobalOption("postil.command")
    report.fail("there is no command " .. command .. "; install it, or set postil.command")
    return tell "ended"
  end
  deaths = deaths + 1
  local words = "the process `postil serve` ended: " .. which.ProcessState:String()
  if last_words ~= "" then words = words .. ": " .. last_words end
  if deaths == 1 and process.start() then
    report.fail(words .. "; it was started anew")
    return tell "restarted"
  end
  report.fail(words .. "; `postil on` tries again")
  tell "ended"
end

function process.start()
  if job then return true end
  json_read = json_read or require "postil.json_read"
  last_words = ""
  local own
  local function of_own(go)
    return safely(function(output)
      if own == job then go(output) end
    end)
  end
  own = shell.JobSpawn(config.GetGlobalOption("postil.command"), { "serve" }, of_own(came),
    of_own(function(output) last_words = output end), of_own(function() ended(own) end))
  job = own
  process.ask("hello", { protocol = 1, unit = "byte" }, function(answer)
    process.version = answer.version
    if answer.error then report.fail(answer.error) end
  end)
  return true
end

function process.forgive() deaths = 0 end
function process.listen(hear) listeners[#listeners + 1] = hear end

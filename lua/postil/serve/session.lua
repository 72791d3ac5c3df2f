-- session.lua - what `postil serve` is to one editor: a line of JSON in, a line of JSON out, and
-- events in between.  plugin/PROTOCOL.md tells what they say.  Nothing here reads or writes.
--
--   local session = Session.new { clock = function() ... end }
--   session:take(line)     the answer; nil: it comes later, from session:waited()
--   Session.too_long(most)  the answer to a line of more bytes, which was not read
--   session:waited()       the answer that `take` owes, once it is there; no line is to be taken
--                          before that
--   session:busy()         there is work to do;  session:step() does some
--   session:events()       lines that are due, "" if there are none
--   session.ended          nothing is to be taken any more
--
-- clock: seconds that only go forward.

local Text = require "postil.serve.text"
local fields = require "postil.serve.fields"
local json = require "postil.json"
local json_read = require "postil.json_read"
local nearest = require "postil.core".nearest
local unicode = require "postil.unicode"
local write = require "postil.serve.write"

local STEP = 4096 -- bytes of work between two looks at what the editor says: 3 to 5 ms
local PAUSE = 0.04 -- seconds between two events of one text about what has changed

local VERBS = {}
for _, verbs in ipairs { require "postil.serve.verbs_texts", require "postil.serve.verbs_places",
  require "postil.serve.verbs_lists", (require "postil.serve.verbs_rules") } do
  for name, verb in pairs(verbs) do VERBS[name] = verb end
end

local NAMES = {}
for name in pairs(VERBS) do NAMES[#NAMES + 1] = name end
table.sort(NAMES)

local Session = {}
Session.__index = Session

-- texts: by name; order: the one that was asked about last comes first.
function Session.new(host)
  return setmetatable({ clock = host.clock, unit = "byte", texts = {}, order = {},
    begun = false, ended = false }, Session)
end

-- ---- texts --------------------------------------------------------------------------------------

local function remove(list, one)
  for i, other in ipairs(list) do
    if other == one then return table.remove(list, i) end
  end
end

function Session:open(name, options)
  local text, words, errors = Text.open(name, options, self.unit)
  if not text then return nil, words, errors end
  self.texts[name] = text
  table.insert(self.order, 1, text)
  return text
end

function Session:close(text)
  remove(self.order, text)
  self.texts[text.name] = nil
  text:close()
end

function Session:touch(text)
  remove(self.order, text)
  table.insert(self.order, 1, text)
end

-- ---- requests -----------------------------------------------------------------------------------

local function refuse(id, words, more)
  local members = { "id", id, "error", write.text(words) }
  for _, member in ipairs(more or {}) do members[#members + 1] = member end
  return write.line(members)
end

local function answer(id, members)
  local all = { "id", id, "ok", "true" }
  for _, member in ipairs(members) do all[#all + 1] = member end
  return write.line(all)
end

-- The JSON text of a request's id; nil, words.
local function id_of(request)
  local id = request.id
  if id == nil or id == json_read.null then return "null" end
  if type(id) == "number" then return json.number(id) end
  if type(id) == "string" then return json.string(id) end
  return nil, '"id" must be a number or a string'
end

local function unknown(verb)
  if type(verb) ~= "string" then return 'a request says what to "do"' end
  local guess = nearest(verb, NAMES)
  return ("there is no verb %s%s"):format(write.words(verb),
    guess and (" (did you mean %s?)"):format(write.words(guess)) or "")
end

-- The text that a request is about; nil, words.
local function text_of(self, name)
  local text = self.texts[name]
  if text then return text end
  return nil, ("no text %s is open"):format(write.words(name))
end

local RESYNC = { "resync", "true" }

local function is_edit(name) return name == "edit" or name == "lines" end

-- What a verb answers: members; or nil, words, members behind the error.
local function perform(self, request)
  local name = request["do"]
  local verb = VERBS[name]
  if not verb then return nil, unknown(name) end
  local text = verb.of_text and type(request.text) == "string" and self.texts[request.text]
  local values, words = fields.read(request, verb.fields)
  if values and verb.of_text then text, words = text_of(self, values.text) end
  if text and text.lost and name ~= "close" then return nil, text.lost, RESYNC end
  local members, more
  if values and (text or not verb.of_text) then
    if text then self:touch(text) end
    members, words, more = verb.run(self, values, text)
  end
  if members then return members end
  if text and is_edit(name) then
    text.lost = ("the text %s is no longer what the editor has: open it again"):format(
      write.words(text.name))
    more = RESYNC
  end
  return nil, words, more
end

local function is_utf8(line)
  if not line:find "[\128-\255]" then return true end
  if utf8 then return utf8.len(line) ~= nil end
  local good = true
  unicode.map(line, function(code) good = good and code ~= nil end)
  return good
end

-- A request in a line: its id and itself; nil, words.
local function read(self, line)
  if self.unit ~= "byte" and not is_utf8(line) then
    return nil, "the line is no UTF-8, and columns do not count bytes"
  end
  local request, words = json_read.value(line)
  if request == nil then return nil, "no JSON: " .. words end
  if type(request) ~= "table" or request == json_read.null or request[1] ~= nil then
    return nil, 'no object like {"id": 1, "do": "open", ...}'
  end
  local id, why = id_of(request)
  if not id then return nil, why end
  return id, request
end

function Session:take(line)
  local id, request = read(self, line)
  if not id then return refuse("null", request) end
  local good, members, words, more = pcall(perform, self, request)
  self.begun = true
  if not good then return refuse(id, "this failed, and should not have: " .. tostring(members)) end
  if not members then return refuse(id, words, more) end
  if members.wait then
    self.waiting = { id = id, text = members.wait }
    return self:waited()
  end
  return answer(id, members)
end

function Session.too_long(most)
  return refuse("null", ("a line has at most %d bytes; this one was skipped"):format(most))
end

function Session:waited()
  local one = self.waiting
  if not one or one.text.busy then return nil end
  self.waiting = nil
  return answer(one.id, { "version", write.whole(one.text.version),
    "done", write.flag(one.text.buffer.done) })
end

-- ---- work ---------------------------------------------------------------------------------------

function Session:busy()
  for _, text in ipairs(self.order) do
    if text.busy then return true end
  end
  return false
end

function Session:step()
  for _, text in ipairs(self.order) do
    if text.busy then return text:step(STEP) end
  end
end

function Session:events()
  local out, now = {}, self.clock()
  for _, text in ipairs(self.order) do
    for _, line in ipairs(text:events(now, PAUSE)) do out[#out + 1] = line end
  end
  return table.concat(out)
end

return Session

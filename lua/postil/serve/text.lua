-- text.lua - one text of the protocol: its buffer, its lines and columns, and what is still to be
-- told of it.
--
--   local text = Text.open(name, options, unit)   options as of Buffer.open; nil, words, errors
--   text:edit(first, last, content)  text:reset(content)   true; or nil, words
--   text:step(bytes)                 works on; text.busy: there is something to do
--   text:rules_changed(result, again)    what sets.reload says of it; again: what it said before
--                                    counts as well
--   text:events(now, pause)          events that are due, a list of lines; {}: none.  Stretches
--                                    that have changed are told together, every `pause` seconds
--   text:byte(place, field)  text:bytes(span)   nil, words: not in the text
--   text:state(members)  text:left_out()  text:close()
--   text.buffer, text.lines, text.version, text.lost: words, when the editor's text is another
--
-- Stretches are kept until their event is made, and move along with edits: so they never are more
-- than MOST, however long the editor does not read.

local Buffer = require "postil.editor.buffer"
local Lines = require "postil.serve.lines"
local diagnostics = require "postil.editor.diagnostics"
local stretches = require "postil.editor.stretches"
local write = require "postil.serve.write"

local MOST = 256

local Text = {}
Text.__index = Text

local function count_lines(self, size)
  self.lines = Lines.new(function(first, last) return self.buffer:text(first, last) end, size,
    self.unit)
end

-- Works on the text as it is now.
local function begin(self)
  self.busy, self.stale, self.failure, self.finished = true, true, nil, false
end

function Text.open(name, options, unit)
  local buffer, words, errors = Buffer.open(options)
  if not buffer then return nil, words, errors end
  local self = setmetatable({ name = name, buffer = buffer, unit = unit, version = 0,
    changed = {}, told = -math.huge }, Text)
  count_lines(self, #options.text)
  begin(self)
  return self
end

function Text:close() self.buffer:close() end

function Text:edit(first, last, content)
  local ok, words = self.buffer:edit(first, last, content)
  if not ok then return nil, words end
  self.lines:edit(first, last, #content)
  for _, one in ipairs(self.changed) do stretches.move(one, first, last, #content) end
  begin(self)
  return true
end

function Text:reset(content)
  local ok, words = self.buffer:reset(content)
  if not ok then return nil, words end
  count_lines(self, #content)
  self.changed, self.lost = { { first = 1, last = #content } }, nil
  begin(self)
  return true
end

-- The byte of a place; nil, words.
function Text:byte(place, field)
  local byte, words = self.lines:byte(place[1], place[2])
  if byte then return byte end
  return nil, ('"%s" %s: line %d, column %d'):format(field, words, place[1], place[2])
end

-- The first and the last byte of a span, of the whole text without one; nil, words.  Of a span of
-- no bytes the byte behind it.
function Text:bytes(span)
  if not span then return 1, math.max(1, self.buffer:text_size()) end
  local first, words = self:byte({ span[1], span[2] }, "span")
  if not first then return nil, words end
  local behind, why = self:byte({ span[3], span[4] }, "span")
  if not behind then return nil, why end
  if behind < first then return nil, '"span" ends before it begins' end
  return first, math.max(first, behind - 1)
end

-- Members of an answer behind those that say of which state of the text it tells.
function Text:state(members)
  local all = { "version", write.whole(self.version), "done", write.flag(self.buffer.done) }
  for _, member in ipairs(members) do all[#all + 1] = member end
  return all
end

-- Rules beside the text that do not run, as members of an answer.
function Text:left_out()
  local one = self.buffer.untrusted or self.buffer.broken
  if not one then return {} end
  return { self.buffer.untrusted and "untrusted" or "broken", write.text(one.words),
    "path", write.string(one.path) }
end

-- ---- working on ---------------------------------------------------------------------------------

local function add_changed(self, changes)
  for _, one in ipairs(changes) do self.changed[#self.changed + 1] = one end
  self.changed = stretches.merge(self.changed)
  if #self.changed > MOST then
    self.changed = { stretches.hull(self.changed[1], self.changed[#self.changed]) }
  end
end

function Text:step(bytes)
  local done, changes, found = self.buffer:step(bytes)
  if done == nil then
    self.busy, self.failure = false, changes
    return
  end
  add_changed(self, changes)
  if found then self.news = { sum = found.sum, message = found.message, rows = {} } end
  self.stale = self.stale or #changes > 0
  if not done then return end
  self.finished = self.finished or self.stale
  self.busy, self.stale = false, false
end

-- ---- rules --------------------------------------------------------------------------------------

function Text:rules_changed(result, again)
  local found = result.differences[self.buffer] or {}
  local before = again and self.news or {}
  self.news = { sum = found.sum or before.sum, rows = before.rows or {},
    message = result.message or before.message or found.message }
  for _, row in ipairs(diagnostics.rows(result.errors or result.failures or {})) do
    table.insert(self.news.rows, row)
  end
  self.busy, self.failure = true, nil
end

-- ---- events -------------------------------------------------------------------------------------

local function event(self, name, members)
  local all = { "event", write.string(name), "text", write.string(self.name),
    "version", write.whole(self.version) }
  for _, member in ipairs(members or {}) do all[#all + 1] = member end
  return write.line(all)
end

local function sum_of(sum)
  return write.object { "new", write.whole(sum.new), "gone", write.whole(sum.gone),
    "changed", write.whole(sum.changed or 0) }
end

local function rules_event(self)
  local members, news = {}, self.news
  local function add(name, value) members[#members + 1], members[#members + 2] = name, value end
  if news.sum then add("sum", sum_of(news.sum)) end
  if news.message then add("message", write.text(news.message)) end
  if #news.rows > 0 then add("errors", write.messages(news.rows)) end
  return event(self, "rules", members)
end

local function changed_event(self)
  local places, out = write.places(self.lines), {}
  for _, one in ipairs(self.changed) do places:want(one.first, one.last) end
  for i, one in ipairs(self.changed) do out[i] = places:span(one.first, one.last) end
  return event(self, "changed", { "spans", write.list(out) })
end

function Text:events(now, pause)
  local out = {}
  if self.lost then return out end
  -- While other rules are on their way, their sum is still to come.
  if self.news and (self.news.message or not self.buffer.coming) then
    out[#out + 1], self.news = rules_event(self), nil
  end
  if #self.changed > 0 and (not self.busy or now - self.told >= pause) then
    out[#out + 1], self.changed, self.told = changed_event(self), {}, now
  end
  if self.finished then out[#out + 1], self.finished = event(self, "done"), false end
  if self.failure then
    out[#out + 1] = event(self, "failed", { "message", write.text(self.failure) })
    self.failure = nil
  end
  return out
end

return Text

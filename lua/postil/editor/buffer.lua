-- buffer.lua - one text that an editor shows, and its tags.
--
--   local buffer = Buffer.open { text=, path=, rules=, date= }      nil, words, errors: no rules
--     rules: as for postil.load, a string or a list; nil: what `postil tag` takes, and
--     PATH.postil.lua if it is trusted.  What had to be left out: buffer.untrusted = { path=,
--     words= }, or buffer.broken = { path=, words=, errors= }
--   buffer:edit(first, last, text)  puts text in place of bytes (last = first - 1: of none); cheap
--   buffer:reset(text)              the text as a whole is another now
--   buffer:step(bytes)              works on: done, changes, found; or nil, words
--   buffer:finish()                 the same, to the end
--   buffer:spans(first, last, label)   first, last, number of the label, ... of what is tagged
--   buffer:tags(first, last, label)    the same as a list of tags that stay good (tags.lua)
--   buffer:text(first, last)  buffer:text_size()  buffer:label(number)  buffer:files()
--   buffer:close()
--   buffer.done   all is tagged; buffer.set, buffer.doc, buffer.path
--
-- edit and reset: true, or nil, words, and all is as it was.  changes are stretches { first=,
-- last= } that are no longer what spans has told of them; before all is done, of the few that it
-- was last asked for.  While a long text is being tagged, spans and tags tell what stands around
-- these as if that were a text of its own (preview.lua).  A step that fails (a function of a rule;
-- memory) does so again until the text or the rules are others.
--
-- Where other rules take over (sets.lua), the old ones go on until all is tagged by the new; that
-- step tells what is `found`: a difference (difference.lua) with sum = { new=, gone=, changed= },
-- of a long text the sum alone; or { message= }: they failed at this text, the old ones go on.
-- Numbers of labels are others then.
--
-- How long a step takes is up to who calls: 1 ms is enough for 1 to 4 kB of news.

local chosen = require "postil.chosen"
local edited = require "postil.edited"
local postil = require "postil"
local preview = require "postil.editor.preview"
local sets = require "postil.editor.sets"
local shown = require "postil.editor.shown"
local stretches = require "postil.editor.stretches"
local takeover = require "postil.editor.takeover"

local PATIENCE = 65536 -- bytes of work on the whole text before a preview is worth while
local PREVIEWS = 4 -- for so many windows on a text
local PREVIEWED = 16384 -- bytes of what is wanted that a preview must have, at least
local AT_ONCE = 65536 -- bytes of text that other rules may take at once

local Buffer = {}
Buffer.__index = Buffer

-- ---- opening and closing ------------------------------------------------------------------------

-- The rules of a buffer: those that it was opened with, else the usual ones.  Those beside it that
-- do not load are left out, like those that are not trusted.
local function take_rules(self)
  if self.rules then return sets.take(self.rules) end
  local list, untrusted = chosen.of(postil, self.path)
  local entry, words, errors = sets.take(list)
  self.untrusted = untrusted
  if entry or #list == #chosen.usual then return entry, words, errors end
  self.broken = { path = chosen.beside(self.path), words = words, errors = errors }
  return sets.take(chosen.usual)
end

local function close_previews(self)
  for _, one in ipairs(self.previews or {}) do one:close() end
  self.previews = {}
end

local function drop_coming(self)
  if not self.coming then return end
  self.coming.doc:close()
  sets.give(self.next_entry)
  self.coming, self.next_entry = nil, nil
end

-- From now on a document of this entry is the buffer's; nothing is tagged in it yet.
local function begin(self, entry, doc, size)
  close_previews(self)
  drop_coming(self)
  if self.doc then
    self.doc:close()
    sets.give(self.entry)
  end
  self.entry, self.set, self.doc, self.bytes = entry, entry.set, doc, size
  self.done, self.fresh, self.failed, self.labels = false, true, nil, nil
  self.patience = size > PATIENCE and 0 or PATIENCE
  self.shown, self.wanted = nil, {}
  self.turn = self.turn + 1
end

-- A document of a text, tagged by an entry, which is given back if that fails.
local function open_document(self, entry, text)
  local doc, words = entry.set:open(text, { date = self.date, edits = true, lf = true })
  if doc then return doc end
  sets.give(entry)
  return nil, words
end

function Buffer.open(options)
  local self = setmetatable({ path = options.path, rules = options.rules, date = options.date,
    told = {}, turn = 0 }, Buffer)
  local entry, words, errors = take_rules(self)
  if not entry then return nil, words, errors end
  local doc, why = open_document(self, entry, options.text)
  if not doc then return nil, why end
  begin(self, entry, doc, #options.text)
  sets.add(self)
  return self
end

function Buffer:close()
  if not self.doc then return end
  sets.remove(self)
  close_previews(self)
  drop_coming(self)
  self.doc:close()
  sets.give(self.entry)
  self.doc, self.set, self.done = nil, nil, false
end

-- ---- the text -----------------------------------------------------------------------------------

function Buffer:text(first, last) return self.doc:text(first, last) end

function Buffer:text_size() return self.bytes end

-- Previews go along, or go.
local function edit_previews(self, first, last, text)
  local kept = {}
  for _, one in ipairs(self.previews) do
    if one:edit(first, last, text) then
      kept[#kept + 1] = one
    else
      local stretch = { first = one.first, last = one.last }
      stretches.move(stretch, first, last, #text)
      self.told[#self.told + 1] = stretch
      one:close()
    end
  end
  self.previews = kept
end

function Buffer:edit(first, last, text)
  local ok, words = self.doc:splice(first, last, text)
  if not ok then return nil, words end
  if self.coming and not self.coming:edit(first, last, text) then drop_coming(self) end
  if self.done then self.patience = PATIENCE end
  self.bytes = self.bytes + #text - (last - first + 1)
  self.done, self.failed, self.turn = false, nil, self.turn + 1
  for _, list in ipairs { { self.shown }, self.wanted, self.told } do
    for _, one in ipairs(list) do stretches.move(one, first, last, #text) end
  end
  edit_previews(self, first, last, text)
  return true
end

function Buffer:reset(text)
  local old = self.doc:text()
  if old == text then return true end
  local head, tail = edited.common(old, text)
  if head + tail > math.max(#old, #text) / 2 then
    return self:edit(head + 1, #old - tail, text:sub(head + 1, #text - tail))
  end
  local entry = self.next_entry or self.entry
  entry.users = entry.users + 1
  local doc, words = open_document(self, entry, text)
  if not doc then return nil, words end
  begin(self, entry, doc, #text)
  self.told = { { first = 1, last = #text } }
  return true
end

-- ---- working on ---------------------------------------------------------------------------------

-- The preview that has a stretch, or as much of it as is needed.
local function covering(self, want)
  local last = math.min(want.last, want.first + PREVIEWED - 1)
  for _, one in ipairs(self.previews) do
    if one.first <= want.first and one.last >= last then return one end
  end
end

-- A new preview around what is wanted; those that nobody wants any more go.
local function open_preview(self, want)
  local new = preview.open(self.set, self.doc, self.bytes, want.first, want.last)
  if not new then return nil end
  local before, needed = self.previews, {}
  for _, other in ipairs(self.wanted) do needed[covering(self, other) or new] = true end
  self.previews = { new }
  for _, one in ipairs(before) do
    if needed[one] then
      self.previews[#self.previews + 1] = one
    else
      self.told[#self.told + 1] = { first = one.first, last = one.last }
      one:close()
    end
  end
  return new
end

-- The preview to work at now, for what was asked for last before others; nil: none is wanted.
local function due_preview(self)
  if self.patience > 0 then return nil end
  for _, want in ipairs(self.wanted) do
    local one = covering(self, want) or open_preview(self, want)
    if one and not one.done then return one end
  end
end

-- All is tagged: what was shown until now is shown no more.
local function settle(self, changes)
  changes[#changes + 1] = self.fresh and { first = 1, last = self.bytes } or self.shown
  for _, one in ipairs(self.previews) do
    changes[#changes + 1] = { first = one.first, last = one.last }
  end
  self.done, self.fresh, self.shown, self.wanted = true, false, nil, {}
  self.turn = self.turn + 1
  close_previews(self)
end

-- Adds what is looked at and has no preview, not of all: there tags come as they are found.
local function add_looked_at(self, changes)
  for _, want in ipairs(self.wanted) do
    local one = covering(self, want)
    if not one or not one.ready or one.last < want.last then
      changes[#changes + 1] = { first = want.first, last = want.last }
    end
  end
end

-- Tags on: changes; or nil, words.
local function run(self, bytes)
  local done, words, number = self.doc:run(bytes)
  if done == nil then
    self.failed = self.set:failure(words, number)
    return nil, self.failed
  end
  local changes = self.doc:changes()
  if bytes then self.patience = self.patience - bytes end
  if done then settle(self, changes) else add_looked_at(self, changes) end
  return changes
end

-- Tags on by the rules that are to come: changes, found.
local function run_coming(self, bytes)
  local coming = self.coming
  local done, words = coming:step(bytes)
  if done == nil then
    drop_coming(self)
    return {}, { message = words }
  end
  local found = done and coming:compare(self.doc, self.set, self.bytes)
  if not found then return {} end
  self.coming, self.next_entry = nil, nil
  begin(self, coming.entry, coming.doc, self.bytes)
  coming.doc:changes() -- of edits in between: all is another now
  local changes = {}
  settle(self, changes)
  return changes, found
end

-- One step of what is most wanted: what is seen, the text, the text by other rules.
local function work(self, bytes)
  if self.done then
    if self.coming then return run_coming(self, bytes) end
    return {}
  end
  local seen = bytes and due_preview(self)
  local changes = seen and seen:step(bytes)
  if changes then return changes end
  return run(self, bytes)
end

function Buffer:step(bytes)
  if self.failed then return nil, self.failed end
  local changes, found = work(self, bytes)
  if not changes then return nil, found end
  for _, one in ipairs(self.told) do changes[#changes + 1] = one end
  self.told = {}
  return self.done and not self.coming, stretches.merge(changes), found
end

function Buffer:finish()
  local all, found = {}, nil
  repeat
    local done, changes, new = self:step()
    if done == nil then
      self.told = all
      return nil, changes
    end
    for _, one in ipairs(changes) do all[#all + 1] = one end
    found = new or found
  until done
  return true, stretches.merge(all), found
end

-- ---- other rules --------------------------------------------------------------------------------

-- For sets.lua: takes an entry, which is counted for this buffer, as its rules.  What is found, if
-- that is known at once; or nil, words.
function Buffer:follow(entry)
  drop_coming(self)
  if entry == self.entry then
    sets.give(entry)
    return nil
  end
  local text = self.doc:text()
  if not self.done then
    local doc, words = open_document(self, entry, text)
    if not doc then return nil, words end
    begin(self, entry, doc, self.bytes)
    self.told = { { first = 1, last = self.bytes } }
    return nil
  end
  local coming, words = takeover.open(entry, text, { date = self.date, edits = true, lf = true })
  if not coming then
    sets.give(entry)
    return nil, words
  end
  self.coming, self.next_entry = coming, entry
  if self.bytes > AT_ONCE then return nil end
  local _, changes, found = self:finish()
  self.told = changes
  return found
end

-- ---- what is tagged -----------------------------------------------------------------------------

-- The stretch that is asked for.  While a text is not done it is noted, for each window the last
-- one, so that it is tagged first and an editor is told when that is not so any more.
local function asked(self, first, last)
  local one = { first = math.min(math.max(1, first or 1), self.bytes + 1),
    last = math.min(self.bytes, last or self.bytes) }
  if not self.done then
    self.shown = stretches.hull(self.shown, one)
    local wanted = { one }
    for _, other in ipairs(self.wanted) do
      local apart = other.first > one.last or other.last < one.first
      if apart and #wanted < PREVIEWS then wanted[#wanted + 1] = other end
    end
    self.wanted = wanted
  end
  return one.first, one.last
end

function Buffer:spans(first, last, label)
  local from, to = asked(self, first, last)
  return shown.spans(self, from, to, label)
end

function Buffer:tags(first, last, label)
  local from, to = asked(self, first, last)
  return shown.tags(self, from, to, label)
end

function Buffer:label(number)
  self.labels = self.labels or self.set:labels()
  return self.labels[number]
end

-- The user's rule files and tables, and where rules of this text would lie: what to watch.
function Buffer:files()
  local list = self.set:files()
  local own = not self.rules and self.path and chosen.beside(self.path) or nil
  for _, path in ipairs(list) do
    if path == own then own = nil end
  end
  list[#list + 1] = own
  return list
end

return Buffer

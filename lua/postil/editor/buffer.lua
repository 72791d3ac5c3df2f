-- buffer.lua - one text that an editor shows, and its tags.
--
--   local buffer = Buffer.open { text=, path=, rules=, date= }      nil, words, errors: no rules
--       rules: as for postil.load, a string or a list; nil: what `postil tag` takes, and
--       PATH.postil.lua if it is trusted.  What was left out: buffer.untrusted = { path=, words= },
--       buffer.broken = { path=, words=, errors= }
--   buffer:edit(first, last, text)  puts text in place of bytes (last = first - 1: of none); cheap
--   buffer:reset(text)              the text as a whole is another now
--   buffer:step(bytes)              -> done, changes, found | nil, words.  Works on
--   buffer:finish()                 the same, to the end
--   buffer:spans(first, last, label) -> first, last, number of the label, ... of what is tagged
--   buffer:tags(first, last, label) -> copies of tags that stay good: { first=, last=, label=, text=,
--                                      name=, rule=, depth=, parts=, speaker=, cue=, attributes= }
--   buffer:text(first, last)  buffer:text_size()  buffer:label(number)  buffer:files()  buffer:close()
--   buffer.done, buffer.set, buffer.doc, buffer.path
--
-- edit, reset, open: true (the buffer), or nil, words, and all is as it was.  changes are the
-- stretches { first=, last= } that are no longer what spans has told of them.  While a long text is
-- being tagged, spans and tags tell what stands around the place they were last asked for as if that
-- were a text of its own (preview.lua).  found: other rules took over (follow), see M.follow.
--
-- How long a step takes is up to who calls: news takes about 1 ms for 2 to 4 kB.

local chosen = require "postil.chosen"
local edited = require "postil.edited"
local postil = require "postil"
local preview = require "postil.editor.preview"
local sets = require "postil.editor.sets"
local stretches = require "postil.editor.stretches"
local tags = require "postil.editor.tags"

local PATIENCE = 65536 -- bytes of work on the whole text before a preview is worth while
local PREVIEWS = 4 -- for so many windows on a text

local Buffer = {}
Buffer.__index = Buffer

-- ---- opening ------------------------------------------------------------------------------------

-- The rules of a buffer: those that it was opened with, else the usual ones.  Those beside it that do
-- not load are left out, like those that are not trusted.
local function take_rules(self)
  if self.rules then return sets.take(self.rules) end
  local list, untrusted = chosen.of(postil, self.path)
  local entry, words, errors = sets.take(list)
  self.untrusted, self.broken = untrusted, nil
  if entry or #list == #chosen.usual then return entry, words, errors end
  self.broken = { path = chosen.beside(self.path), words = words, errors = errors }
  return sets.take(chosen.usual)
end

-- Begins with a document that nothing is tagged in yet.
local function begin(self, doc, size)
  if self.doc then self.doc:close() end
  self.doc, self.bytes, self.done, self.fresh = doc, size, false, true
  self.patience = size > PATIENCE and 0 or PATIENCE
  self.failed, self.shown, self.wanted = nil, nil, nil
end

local function open_document(set, text, date)
  return set:open(text, { date = date, edits = true })
end

function Buffer.open(options)
  local self = setmetatable({ path = options.path, rules = options.rules, date = options.date,
    previews = {}, told = {} }, Buffer)
  local entry, words, errors = take_rules(self)
  if not entry then return nil, words, errors end
  local doc, why = open_document(entry.set, options.text, self.date)
  if not doc then
    sets.give(entry)
    return nil, why
  end
  self.entry, self.set = entry, entry.set
  begin(self, doc, #options.text)
  sets.buffers[self] = true
  return self
end

local function close_previews(self)
  for _, one in ipairs(self.previews) do one:close() end
  self.previews = {}
end

local function drop_coming(self)
  if not self.coming then return end
  self.coming:close()
  sets.give(self.next_entry)
  self.coming, self.next_entry = nil, nil
end

function Buffer:close()
  if not self.doc then return end
  close_previews(self)
  drop_coming(self)
  self.doc:close()
  sets.give(self.entry)
  sets.buffers[self] = nil
  self.doc, self.set, self.done = nil, nil, false
end

-- ---- the text -----------------------------------------------------------------------------------

function Buffer:text(first, last) return self.doc:text(first, last) end

function Buffer:text_size() return self.bytes end

-- Previews go along, or go.
local function edit_previews(self, first, last, text)
  local kept = {}
  for _, one in ipairs(self.previews) do
    if one:edit(first, last, text) then kept[#kept + 1] = one else one:close() end
  end
  self.previews = kept
end

function Buffer:edit(first, last, text)
  local ok, words = self.doc:splice(first, last, text)
  if not ok then return nil, words end
  if self.coming and not self.coming:splice(first, last, text) then drop_coming(self) end
  self.bytes = self.bytes + #text - (last - first + 1)
  if self.done then self.patience = PATIENCE end
  self.done, self.failed, self.names = false, nil, nil
  for _, one in ipairs { self.shown, self.wanted } do
    stretches.move(one, first, last, #text)
  end
  for _, one in ipairs(self.told) do stretches.move(one, first, last, #text) end
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
  local doc, words = open_document((self.next_entry or self.entry).set, text, self.date)
  if not doc then return nil, words end
  close_previews(self)
  if self.coming then
    self.coming:close()
    sets.give(self.entry)
    self.entry, self.next_entry, self.coming = self.next_entry, nil, nil
    self.set, self.numbers = self.entry.set, nil
  end
  begin(self, doc, #text)
  self.names, self.told = nil, { { first = 1, last = #text } }
  return true
end

-- ---- working on ---------------------------------------------------------------------------------

-- The preview that has all of a stretch, as far as one can.
local function covering(self, want)
  for i, one in ipairs(self.previews) do
    if one.first <= want.first and (one.last >= want.last or one.last - want.first >= 32768) then
      return one, i
    end
  end
end

-- A new preview around what is wanted takes the place of those that it overlaps, and of the oldest.
local function open_preview(self, want)
  local new = preview.open(self.set, self.doc, self.bytes, want.first, want.last)
  if not new then return nil end
  local kept = {}
  for _, one in ipairs(self.previews) do
    if (one.first > new.last or one.last < new.first) and #kept < PREVIEWS - 1 then
      kept[#kept + 1] = one
    else
      one:close()
    end
  end
  table.insert(kept, 1, new)
  self.previews = kept
  return new
end

-- The preview to work at now; nil: none is wanted.
local function due_preview(self)
  if self.patience > 0 or not self.wanted then return nil end
  local one = covering(self, self.wanted) or open_preview(self, self.wanted)
  return one and not one.done and one or nil
end

-- Works at the document itself.
local function run(self, bytes)
  local done, words = self.doc:run(bytes)
  if done == nil then
    self.failed = words
    return nil, words
  end
  local changes = self.doc:changes()
  self.patience = self.patience - (bytes or self.patience)
  if not done then return changes end
  self.done, self.names = true, nil
  changes[#changes + 1] = self.fresh and { first = 1, last = self.bytes } or self.shown
  for _, one in ipairs(self.previews) do
    changes[#changes + 1] = { first = one.first, last = one.last }
  end
  self.fresh, self.shown, self.wanted = false, nil, nil
  close_previews(self)
  return changes
end

-- One step of what is most wanted: what is seen, the text, the text by other rules.
local function work(self, bytes)
  local first = bytes and not self.done and due_preview(self)
  if first then
    local changes = first:step(bytes)
    return changes or run(self, bytes)
  end
  if not self.done then return run(self, bytes) end
  return {}
end

function Buffer:step(bytes)
  if self.failed then return nil, self.failed end
  local changes, words = work(self, bytes)
  if not changes then return nil, words end
  for _, one in ipairs(self.told) do changes[#changes + 1] = one end
  self.told = {}
  return self.done, stretches.merge(changes)
end

function Buffer:finish() return self:step() end

-- ---- what is tagged -----------------------------------------------------------------------------

-- Notes what an editor looks at, so that it is told when that is not so any more.
local function note(self, first, last)
  local one = { first = math.max(1, first or 1), last = math.min(self.bytes, last or self.bytes) }
  self.shown, self.wanted = stretches.hull(self.shown, one), one
end

-- The documents that tell of bytes first to last: { doc, first, last, by }, each for its stretch and
-- moved by so many bytes.
local function tellers(self, first, last)
  first, last = math.max(1, first or 1), math.min(self.bytes, last or self.bytes)
  local list = { { doc = self.doc, first = first, last = last, by = 0 } }
  if self.done then return list end
  for _, one in ipairs(self.previews) do
    if one.ready and one.first <= last and one.last >= first then
      list[#list + 1] = { doc = one.doc, first = math.max(first, one.first),
        last = math.min(last, one.last), by = one.first - 1, over = one }
    end
  end
  return list
end

-- Whether a preview tells of what stands at first to last.
local function is_told(list, first, last)
  for i = 2, #list do
    if first <= list[i].over.last and last >= list[i].over.first then return true end
  end
  return false
end

function Buffer:spans(first, last, label)
  if self.done then return self.doc:spans(label, first, last) end
  note(self, first, last)
  local list = tellers(self, first, last)
  if #list == 1 then return self.doc:spans(label, first, last) end
  local all = {}
  for i, one in ipairs(list) do
    local spans = one.doc:spans(label, one.first - one.by, one.last - one.by)
    for k = 1, #spans, 3 do
      local span = { spans[k] + one.by, spans[k + 1] + one.by, spans[k + 2], #all }
      if i > 1 or not is_told(list, span[1], span[2]) then all[#all + 1] = span end
    end
  end
  table.sort(all, function(a, b)
    if a[1] ~= b[1] then return a[1] < b[1] end
    if a[2] ~= b[2] then return a[2] > b[2] end
    return a[4] < b[4]
  end)
  local out = {}
  for i, span in ipairs(all) do
    out[3 * i - 2], out[3 * i - 1], out[3 * i] = span[1], span[2], span[3]
  end
  return out
end

function Buffer:tags(first, last, label)
  if not self.done then note(self, first, last) end
  local list, all = tellers(self, first, last), {}
  for i, one in ipairs(list) do
    for tag in one.doc:each(label, one.first - one.by, one.last - one.by) do
      if i > 1 or not is_told(list, tag.first, tag.last) then
        all[#all + 1] = tags.copy(one.doc, tag, one.by)
      end
    end
  end
  if #list > 1 then tags.sort(all) end
  return all
end

function Buffer:label(number)
  self.numbers = self.numbers or self.set:labels()
  return self.numbers[number]
end

-- The user's rule files and tables, and where rules of this text would lie: what to watch.
function Buffer:files()
  local list = self.set:files()
  local own = not self.rules and self.path and chosen.beside(self.path)
  for _, path in ipairs(list) do
    if path == own then own = nil end
  end
  list[#list + 1] = own or nil
  return list
end

return Buffer

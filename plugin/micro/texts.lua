-- texts.lua - the buffers in which postil is on, and how the process is told what changes in them.
--
--   texts.on(buf, rules): state      nil: something stood in the way, which was said
--   texts.off(state)
--   texts.of(buf): state
--   texts.each()                     iterates over the states
--   texts.flush(state)               the process is told all that has changed
--   texts.when_done(state, what, go) go() once all is tagged; says so meanwhile
--   texts.again(state)               sends all anew
--   texts.sweep()                    ends what no pane shows any more
--   texts.edited(shared, event)      micro is about to do this
--   texts.undone(buf)                it has undone something, or redone it
--   texts.place(buf, loc)  texts.loc(buf, line, column)  texts.words(buf, span)
--   texts.listen(hear)               hear(event, state, message): "opened", "off", "edited" (as in
--                                    rows.lua), and those of the protocol
--
-- A state: buf, shared (what panes of one file have in common), name (that of the text in the
-- protocol), version, sent (lines that the process has), whole (these are all, but for what has
-- changed), changed ({ first, behind, behind now }: lines that are others), stale (what changed is
-- not known), undo, redo (how many events micro's stacks had), done (all is sent, and tagged),
-- resent (how often all was sent anew).
--
-- Lines are what is told, as they are once typing pauses, or before anything is asked: then no
-- order of edits can be got wrong, and a key costs no answers, at each of which micro draws all
-- anew.
-- micro tells of edits before it makes them, but not of what is undone and redone: that moves from
-- one of its stacks to the other, and is found there.  All lines of a text end with a line feed in
-- the process; each change comes with the size of the whole text, so that one that is another is
-- found out and sent anew.

if not import then return end -- Neovim comes by here

local buffer = import("micro/buffer")
local config = import("micro/config")
local micro = import("micro")
local strings = import("strings")
local util = import("micro/util")

local PIECE = 49152 -- bytes that are sent together; a pipe holds 65536
local MANY = 1000   -- changed lines that are sent in pieces
local DELTAS = 500  -- of one event that are looked at

local INSERT, REMOVE = 1, -1

local states, listeners, serial = {}, {}, 0

texts = {}

local function tell(event, state, message)
  for _, hear in ipairs(listeners) do hear(event, state, message or {}) end
end

function texts.listen(hear) listeners[#listeners + 1] = hear end
function texts.each() return ipairs { unpack(states) } end

local function of_shared(shared)
  for _, state in ipairs(states) do
    if state.shared == shared then return state end
  end
end

function texts.of(buf) return of_shared(buf.SharedBuffer) end

-- ---- places -------------------------------------------------------------------------------------

-- micro counts characters, marks that combine with the one before them left out; postil bytes.
function texts.place(buf, loc)
  local before = buf:Substr(buffer.Loc(0, loc.Y), buffer.Loc(loc.X, loc.Y))
  return { loc.Y + 1, #util.String(before) + 1 }
end

function texts.loc(buf, line, column)
  if line > buf:LinesNum() then return buf:End() end
  return buffer.Loc(util.CharacterCountInString(buf:Line(line - 1):sub(1, column - 1)), line - 1)
end

function texts.words(buf, span)
  local from, to = texts.loc(buf, span[1], span[2]), texts.loc(buf, span[3], span[4])
  return util.String(buf:Substr(from, to))
end

-- Lines first to last, each with its line feed.
local function lines_of(buf, first, last)
  if last < first then return "" end
  local to = last < buf:LinesNum() and buffer.Loc(0, last) or buf:End()
  local text = util.String(buf:Substr(buffer.Loc(0, first - 1), to))
  return last < buf:LinesNum() and text or text .. "\n"
end

-- Bytes of the text as the process has it: line ends are one, and the last line has one.
local function size_of(buf)
  local size, count = buf:Size(), buf:LinesNum()
  if buf.Settings["fileformat"] == "dos" then size = size - (count - 1) end
  return size + 1
end

-- ---- what is sent -------------------------------------------------------------------------------

local pump

local function send_lines(state, first, last, content, hear)
  state.version = state.version + 1
  state.sent = state.sent - (last - first + 1) + strings.Count(content, "\n")
  state.whole = state.sent == state.buf:LinesNum()
  local name = state.name
  process.ask("lines", { text = name, first = first, last = last, content = content,
    version = state.version, size = state.whole and size_of(state.buf) or nil }, function(answer)
    if name ~= state.name or state.closed then return end
    if answer.resync then
      texts.again(state)
    elseif answer.error then
      report.fail(answer.error)
    elseif hear then
      hear()
    end
  end)
end

-- What the process does not have yet, a piece when the one before has come there.
function pump(state)
  local name = state.name
  texts.flush(state)
  if name ~= state.name then return end
  if state.closed or state.whole then
    state.pumping = false
    return
  end
  state.pumping = true
  local buf, first = state.buf, state.sent + 1
  local count = buf:LinesNum()
  local some = math.max(1, math.floor(PIECE * count / (buf:Size() + 1)))
  local content = lines_of(buf, first, math.min(count, state.sent + some))
  send_lines(state, first, first - 1, content, function() pump(state) end)
end

-- Lines from `first` on are taken back, and come again in pieces.
local function send_from(state, first)
  if first <= state.sent then send_lines(state, first, state.sent, "") end
  state.whole = false
  if not state.pumping then pump(state) end
end

local function is_too_large(size)
  local most = config.GetGlobalOption("postil.maxsize")
  if size <= most then return false end
  report.fail(("the text has %d bytes; postil.maxsize is %d"):format(size, most))
  return true
end

local look

local function send_changes(state, first, behind, now_behind)
  if first > state.sent + 1 then return end -- comes as it is then
  if not state.whole or now_behind - first > MANY then return send_from(state, first) end
  send_lines(state, first, behind - 1, lines_of(state.buf, first, now_behind - 1))
  if not state.whole then texts.again(state) end
end

-- Something has changed the text of which micro tells nobody.
local function is_another(state)
  return state.sent ~= state.buf:LinesNum() or state.size ~= state.buf:Size()
end

function texts.flush(state)
  if state.closed then return end
  look(state)
  local is_stale, changed = state.stale, state.changed
  state.stale, state.changed = false, nil
  if not is_stale and not changed then
    if not state.whole or not is_another(state) then return end
    is_stale = true
  end
  state.done = false
  state.size = state.buf:Size()
  if is_too_large(state.size) then return texts.off(state) end
  if is_stale then return texts.again(state) end
  send_changes(state, unpack(changed))
end

-- ---- what changes -------------------------------------------------------------------------------

-- Lines [first, behind) become [first, now_behind): merged with those that are known.
local function note(state, first, behind, now_behind)
  tell("edited", state, { version = state.version + 1, first = first, behind = behind,
    now_behind = now_behind })
  local one = state.changed
  if one then
    local known = one[3]
    one[1] = math.min(one[1], first)
    one[2] = one[2] + math.max(behind - known, 0)
    one[3] = math.max(behind, known) + now_behind - behind
  else
    state.changed = { first, behind, now_behind }
  end
end

-- One delta of an insertion or removal, as micro makes it.
local function note_delta(state, kind, delta)
  local first = delta.Start.Y + 1
  if kind == INSERT then
    note(state, first, first + 1, first + 1 + strings.Count(util.String(delta.Text), "\n"))
  else
    note(state, first, delta.End.Y + 2, first + 1)
  end
end

-- Words in place of others.  Only those that stay in their lines are followed.
local function note_replacement(state, event)
  for i = 1, #event.Deltas do
    local delta = event.Deltas[i]
    if delta.Start.Y ~= delta.End.Y or strings.Contains(util.String(delta.Text), "\n") then
      state.stale = true
      return
    end
    note(state, delta.Start.Y + 1, delta.Start.Y + 2, delta.Start.Y + 2)
  end
end

local function note_event(state, event)
  local kind = event.EventType
  if #event.Deltas > DELTAS then
    state.stale = true
  elseif kind ~= INSERT and kind ~= REMOVE then
    note_replacement(state, event)
  else
    for i = 1, #event.Deltas do note_delta(state, kind, event.Deltas[i]) end
  end
end

-- The newest events of a stack, the oldest of them first: each says what was done last with it.
local function note_newest(state, stack, count)
  local events, element = {}, stack.Top
  for i = count, 1, -1 do
    events[i], element = element.Value, element.Next
  end
  for i = 1, count do note_event(state, events[i]) end
end

-- What was undone or redone since.
function look(state)
  local undo, redo = state.buf.UndoStack.Size, state.buf.RedoStack.Size
  local more = undo - state.undo
  if more + redo - state.redo ~= 0 then
    state.stale = true
  elseif more < 0 then
    note_newest(state, state.buf.RedoStack, -more)
  elseif more > 0 then
    note_newest(state, state.buf.UndoStack, more)
  end
  state.undo, state.redo = undo, redo
end

-- The process is told when nothing more has come for a while.
local function flush_later(state)
  state.is_typed = true
  if state.waking then return end
  state.waking, state.is_typed = true, false
  process.later(config.GetGlobalOption("postil.pause"), function()
    state.waking = false
    if state.is_typed then flush_later(state) else texts.flush(state) end
  end)
end

-- The event is on its stack already, and what could be redone is gone.
function texts.edited(shared, event)
  local state = of_shared(shared)
  if not state then return end
  local undo = state.buf.UndoStack.Size
  if undo ~= state.undo + 1 then state.stale = true end
  state.undo, state.redo, state.done = undo, 0, false
  note_event(state, event)
  flush_later(state)
end

function texts.undone(buf)
  local state = texts.of(buf)
  if not state then return end
  look(state)
  if not state.stale and not state.changed then return end
  state.done = false
  flush_later(state)
end

-- ---- on and off ---------------------------------------------------------------------------------

local function forget(state)
  for i, one in ipairs(states) do
    if one == state then
      table.remove(states, i)
      return
    end
  end
end

function texts.off(state)
  if state.closed then return end
  state.closed = true
  forget(state)
  process.ask("close", { text = state.name }, function() end)
  tell("off", state)
end

-- A text has a new name each time, so that answers about what it was are not taken for its own.
local function open(state)
  serial = serial + 1
  state.name = tostring(serial)
  state.version, state.sent, state.whole = state.version + 1, 0, false
  state.changed, state.stale, state.done = nil, false, false
  state.pumping = true
  local buf, name = state.buf, state.name
  state.undo, state.redo, state.size = buf.UndoStack.Size, buf.RedoStack.Size, buf:Size()
  state.path = buf.Path ~= "" and buf.AbsPath or nil
  process.ask("open", { text = name, content = "", path = state.path, version = state.version,
    rules = state.rules }, function(answer)
    if state.closed or name ~= state.name then return end
    if answer.error then
      report.fail(answer.error)
      return texts.off(state)
    end
    tell("opened", state, answer)
    pump(state)
  end)
end

function texts.again(state)
  state.resent = state.resent + 1
  process.ask("close", { text = state.name }, function() end)
  open(state)
end

function texts.on(buf, rules)
  local state = texts.of(buf)
  if state and not rules then return state end
  if state then texts.off(state) end
  if is_too_large(buf:Size()) then return nil end
  process.forgive()
  process.start()
  state = { buf = buf, shared = buf.SharedBuffer, rules = rules, version = 0, resent = 0,
    waiting = {} }
  states[#states + 1] = state
  open(state)
  return state
end

local function is_shown(state)
  local tabs = micro.Tabs().List
  for i = 1, #tabs do
    for k = 1, #tabs[i].Panes do
      local buf = tabs[i].Panes[k].Buf
      if buf and buf.SharedBuffer == state.shared then return true end
    end
  end
  return false
end

function texts.sweep()
  for _, state in texts.each() do
    if not is_shown(state) then texts.off(state) end
  end
end

-- ---- events -------------------------------------------------------------------------------------

function texts.when_done(state, what, go)
  texts.flush(state)
  if state.done then return go() end
  state.waiting[#state.waiting + 1] = go
  report.say(what .. ": comes when all is tagged")
end

local function all_done(state)
  state.done = true
  local all = state.waiting
  state.waiting = {}
  if all[1] then report.clear() end
  for _, go in ipairs(all) do go() end
end

local function heard_of(state, message)
  if message.event == "done" then
    texts.flush(state)
    if not state.whole or message.version ~= state.version then return end
    all_done(state)
  end
  tell(message.event, state, message)
end

function texts.start()
  process.listen(function(message)
    for _, state in texts.each() do
      if message.event == "restarted" then
        open(state)
      elseif message.event == "ended" then
        texts.off(state)
      elseif message.text == state.name then
        heard_of(state, message)
      end
    end
  end)
end

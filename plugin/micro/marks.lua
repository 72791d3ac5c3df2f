-- marks.lua - messages in the gutter: faults, tags of a label or mentions of a name.  They follow
-- the text, and where it is tagged anew they are asked for again; but mentions, which may be others
-- wherever a name has changed, all.
--
--   marks.show(state, query, go)   go(rows, total), once
--   marks.near(state, line, step): row   the next one below a line (step 1) or above (-1)
--   marks.faults  marks.tags(label)  marks.mentions(name)    queries

if not import then return end -- Neovim comes by here

local buffer = import("micro/buffer")

local OWNER = "postil"
local MOST = 200 -- micro looks at all of them for each character that it draws

marks = {}

-- ---- what can be asked for ----------------------------------------------------------------------

-- A query: ask(state, span, hear), the span nil for the whole text; kind, of messages; is_whole: it
-- cannot be asked for less.

marks.faults = { kind = buffer.MTWarning, ask = function(state, span, hear)
  process.ask_rows("check", { text = state.name, span = span }, MOST, hear)
end }

function marks.mentions(name)
  return { kind = buffer.MTInfo, is_whole = true, ask = function(state, _, hear)
    process.ask_rows("find", { text = state.name, name = name }, MOST, hear)
  end }
end

local function rows_of(state, spans)
  local list = {}
  for i = 1, #spans, 5 do
    local span = { spans[i], spans[i + 1], spans[i + 2], spans[i + 3] }
    local words = spans[i + 4] .. ": " .. texts.words(state.buf, span):gsub("%c+", " ")
    list[#list + 1] = { span = span, words = words }
  end
  return list
end

function marks.tags(label)
  local labels = label ~= "" and { label } or nil
  return { kind = buffer.MTInfo, ask = function(state, span, hear)
    process.ask_faces({ text = state.name, labels = labels, span = span }, MOST,
      function(answer, total)
        if answer.spans and answer.version == state.version then
          answer.rows = rows_of(state, answer.spans)
        end
        hear(answer, total)
      end)
  end }
end

-- ---- the gutter ---------------------------------------------------------------------------------

-- A row keeps its message, and where that was put.
local function message_of(state, row)
  local line, column = row.span[1], row.span[2]
  if not row.message then
    row.at = texts.loc(state.buf, line, column)
    row.message = buffer.NewMessage(OWNER, row.words, row.at, row.at, state.query.kind)
  elseif row.at.Y ~= line - 1 then
    row.at = buffer.Loc(row.at.X, line - 1)
    row.message.Start, row.message.End = row.at, row.at
  end
  return row.message
end

-- Of a line micro shows the first message alone.
local function paint(state)
  local line
  state.buf:ClearMessages(OWNER)
  for _, row in ipairs(state.marked.list) do
    if row.span[1] ~= line then state.buf:AddMessage(message_of(state, row)) end
    line = row.span[1]
  end
end

-- What is no longer asked for, or tells of another text, is not shown.
local function refresh(state, go)
  local query, marked, due = state.query, state.marked, rows.due(state.marked)
  if not due then return end
  local span = due ~= rows.ALL and { due.first, 1, math.min(due.last, state.sent) + 1, 1 } or nil
  query.ask(state, span, function(answer, total)
    if state.closed or state.marked ~= marked then return end
    texts.flush(state)
    if answer.error and go then return report.fail(answer.error) end
    local is_other
    if answer.rows and answer.version == state.version then
      is_other = rows.take(marked, due, answer.rows, total, state.sent)
    end
    if is_other then
      paint(state)
      refresh(state)
    end
    if not go then return end
    if is_other ~= nil then return go(marked.list, total) end
    texts.when_done(state, "the list", function() refresh(state, go) end)
  end)
end

function marks.show(state, query, go)
  local shown = state.marked and state.marked.list
  state.query, state.marked = query, rows.new(MOST, shown)
  if state.done then refresh(state, go) end
end

function marks.near(state, line, step)
  local found
  for _, row in ipairs(state.marked and state.marked.list or {}) do
    local is_beyond = (row.span[1] - line) * step > 0
    if is_beyond and (not found or (found.span[1] - row.span[1]) * step > 0) then found = row end
  end
  return found
end

local hears = {
  opened = function(state)
    rows.forget(state.marked)
    state.marked.edits = {}
  end,
  edited = function(state, edit)
    if rows.edited(state.marked, edit) then paint(state) end
  end,
  changed = function(state, message)
    rows.changed(state.marked, message.spans, message.version, state.sent)
  end,
  done = function(state, message)
    rows.seen(state.marked, message.version)
    if state.query.is_whole then rows.forget(state.marked) end
    refresh(state)
  end,
  off = function(state) state.buf:ClearMessages(OWNER) end,
}

function marks.start()
  texts.listen(function(event, state, message)
    if state.marked and hears[event] then hears[event](state, message) end
  end)
end

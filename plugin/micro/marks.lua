-- marks.lua - messages in the gutter: faults, tags of a label or mentions of a name.  They are
-- asked for again whenever the text was tagged anew, and so follow it.
--
--   marks.show(state, query, go)   go(rows, total), once
--   marks.clear(state)
--   marks.near(state, line, step): row   the next one below a line (step 1) or above (-1)
--   marks.faults  marks.tags(label)  marks.mentions(name)    queries

if not import then return end -- Neovim comes by here

local buffer = import("micro/buffer")

local OWNER = "postil"
local MOST = 200 -- micro looks at all of them for each line that it shows

marks = {}

-- ---- what can be asked for ----------------------------------------------------------------------

local function asker(verb, fields, kind)
  return function(state, hear)
    local all = { text = state.name }
    for name, value in pairs(fields) do all[name] = value end
    process.ask_rows(verb, all, MOST, function(answer, total) hear(answer, total, kind) end)
  end
end

marks.faults = asker("check", {}, buffer.MTWarning)

function marks.mentions(name)
  return asker("find", { name = name }, buffer.MTInfo)
end

local function rows_of(state, spans)
  local rows = {}
  for i = 1, #spans, 5 do
    local span = { spans[i], spans[i + 1], spans[i + 2], spans[i + 3] }
    local words = spans[i + 4] .. ": " .. texts.words(state.buf, span):gsub("%c+", " ")
    rows[#rows + 1] = { span = span, words = words }
  end
  return rows
end

function marks.tags(label)
  return function(state, hear)
    local fields = { text = state.name, labels = label ~= "" and { label } or nil }
    process.ask_faces(fields, MOST, function(answer, total)
      if answer.spans and answer.version == state.version then
        answer.rows = rows_of(state, answer.spans)
      end
      hear(answer, total, buffer.MTInfo)
    end)
  end
end

-- ---- the gutter ---------------------------------------------------------------------------------

local function clear(state)
  state.marked = {}
  state.buf:ClearMessages(OWNER)
end

local function mark(state, rows, kind)
  if #rows == 0 and #(state.marked or {}) == 0 then return end
  clear(state)
  for _, row in ipairs(rows) do
    local at = texts.loc(state.buf, row.span[1], row.span[2])
    state.buf:AddMessage(buffer.NewMessage(OWNER, row.words, at, at, kind))
  end
  state.marked = rows
end

-- What is no longer asked for, or tells of another text, is not shown.
local function refresh(state, go)
  local query = state.query
  query(state, function(answer, total, kind)
    if state.closed or state.query ~= query then return end
    texts.flush(state)
    if answer.error and go then return report.fail(answer.error) end
    if answer.version ~= state.version or not answer.rows then
      if go then texts.when_done(state, "the list", function() refresh(state, go) end) end
      return
    end
    mark(state, answer.rows, kind)
    if go then go(answer.rows, total) end
  end)
end

function marks.show(state, query, go)
  state.query = query
  refresh(state, go)
end

function marks.clear(state)
  state.query = nil
  clear(state)
end

function marks.near(state, line, step)
  local found
  for _, row in ipairs(state.marked or {}) do
    local is_beyond = (row.span[1] - line) * step > 0
    if is_beyond and (not found or (found.span[1] - row.span[1]) * step > 0) then found = row end
  end
  return found
end

function marks.start()
  texts.listen(function(event, state)
    if event == "off" then
      clear(state)
    elseif event == "done" and state.query then
      refresh(state)
    end
  end)
end

-- places.lua - going to places of a text, and lists of them in a pane below, in which Enter goes
-- there.
--
--   places.go(bp, span)
--   places.list(bp, state, title, rows, total)
--   places.below(bp, title, lines)
--   places.follow(bp): bool          bp shows such a list: to the place of the cursor's line
--   places.step(bp, state, verb, label)   to the next tag or the previous one
--   places.partner(bp, state)
--   places.tell(bp, state, verb)     what is said of the place of the cursor, in a pane below
--   places.chosen(bp, state, go)     go(span) with what is selected, else with the name there

if not import then return end -- Neovim comes by here

local buffer = import("micro/buffer")
local micro = import("micro")

local lists = {} -- { buf, state, rows }

places = {}

function places.go(bp, span)
  bp.Cursor:ResetSelection()
  bp.Cursor:GotoLoc(texts.loc(bp.Buf, span[1], span[2]))
  bp:Relocate()
end

-- ---- panes below --------------------------------------------------------------------------------

function places.below(bp, title, lines)
  local buf = buffer.NewBuffer(table.concat(lines, "\n"), "")
  buf:SetName("postil " .. title)
  bp:HSplitBuf(buf)
  return buf
end

function places.list(bp, state, title, rows, total)
  local name, lines = state.buf:GetName(), {}
  for i, row in ipairs(rows) do
    local at = texts.loc(state.buf, row.span[1], row.span[2])
    lines[i] = ("%s:%d:%d: %s"):format(name, at.Y + 1, at.X + 1, row.words)
  end
  if total > #rows then lines[#lines + 1] = ("... the first %d of %d"):format(#rows, total) end
  local buf = places.below(bp, title, lines)
  lists[#lists + 1] = { shared = buf.SharedBuffer, state = state, rows = rows }
end

local function go_in_pane_of(state, span)
  local tab = micro.CurTab()
  for i = 1, #tab.Panes do
    local pane = tab.Panes[i]
    if pane.Buf and pane.Buf.SharedBuffer == state.shared then
      tab:SetActive(i - 1)
      return places.go(pane, span)
    end
  end
  report.say("the text is no longer shown in this tab")
end

function places.follow(bp)
  for _, list in ipairs(lists) do
    if list.shared == bp.Buf.SharedBuffer then
      local row = list.rows[bp.Cursor.Y + 1]
      if row then go_in_pane_of(list.state, row.span) end
      return true
    end
  end
  return false
end

-- ---- the place of the cursor --------------------------------------------------------------------

-- go(answer), if the text is still the same then.
local function ask_here(bp, state, verb, fields, go)
  texts.flush(state)
  fields.text, fields.at = state.name, texts.place(bp.Buf, bp.Cursor.Loc)
  if fields.at[1] > state.sent then return report.say("not all of the text is sent yet") end
  process.ask(verb, fields, function(answer)
    texts.flush(state)
    if answer.error then
      report.fail(answer.error)
    elseif answer.version ~= state.version then
      report.fail("the text has changed meanwhile; try again")
    else
      go(answer)
    end
  end)
end

local function goer(bp)
  return function(answer)
    if answer.words then return report.say(answer.words) end
    places.go(bp, answer.span)
  end
end

-- The labels of whatever names somebody or something.
local function with_labels(state, label, go)
  if label == "" then return go(nil) end
  if label ~= "name" then return go(label) end
  process.ask("labels", { text = state.name }, function(answer) go(answer.names) end)
end

local function to_mark(bp, state, step)
  local row = marks.near(state, bp.Cursor.Y + 1, step)
  if not row then return report.say("there is no message that way") end
  places.go(bp, row.span)
  report.say(row.words)
end

function places.step(bp, state, verb, label)
  if label == "mark" then return to_mark(bp, state, verb == "next" and 1 or -1) end
  with_labels(state, label, function(labels)
    ask_here(bp, state, verb, { label = labels }, goer(bp))
  end)
end

function places.partner(bp, state)
  ask_here(bp, state, "partner", {}, goer(bp))
end

function places.tell(bp, state, verb)
  ask_here(bp, state, verb, {}, function(answer)
    if #answer.lines == 0 then return report.say("nothing is tagged here") end
    places.below(bp, verb, answer.lines)
  end)
end

function places.chosen(bp, state, go)
  local buf, cursor = bp.Buf, bp.Cursor
  if cursor:HasSelection() then
    local from, to = cursor.CurSelection[1], cursor.CurSelection[2]
    if from:GreaterThan(to) then from, to = to, from end
    local first, last = texts.place(buf, from), texts.place(buf, to)
    return go { first[1], first[2], last[1], last[2] }
  end
  with_labels(state, "name", function(labels)
    ask_here(bp, state, "at", { label = labels }, function(answer)
      if answer.tags[1] then return go(answer.tags[1].span) end
      report.say("select words, or go to a name")
    end)
  end)
end

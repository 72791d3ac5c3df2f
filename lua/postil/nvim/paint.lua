-- paint.lua - draws what is tagged in the lines that a window shows, by a decoration provider:
-- nothing is stored in the buffer, and what is not on the screen costs nothing.
--
--   paint.start(of)    of(number) -> the state of a buffer, or nil
--
-- Tags lie in one another; an inner one is drawn above an outer one, and Neovim combines what both
-- say.  With `speakers` who said it stands at the end of the line in which a quotation ends.

local groups = require "postil.nvim.groups"
local speakers = require "postil.nvim.speakers"
local work = require "postil.nvim.work"

local api = vim.api

local M = {}

local PRIORITY, DEEPEST = 120, 25 -- above a syntax tree's (100), below diagnostics (150)
local ROWS = 400      -- looked at together; more are in a window only where folds are closed
local LINE = 32768    -- bytes of a line that are painted: more do not fit on a screen
local CATCH_UP = 2    -- milliseconds before a window is drawn
local HURRY = 0       -- the same while a text is being tagged: one piece, of what is shown

local namespace

local function is_shown(state, label)
  if label:sub(1, 1) == "_" then return false end
  return state.shown == nil or state.shown[label] == true
end

-- Appends a mark to those of a row.
local function add(marks, row, from, to, group, depth)
  marks[row] = marks[row] or {}
  table.insert(marks[row], { from = from, to = to, group = group,
    priority = PRIORITY + math.min(depth, DEEPEST) })
end

-- The rows of a range with their places; nil where one has not been brought over.
local function rows_of(state, top, bottom)
  local first = state.mirror:first_of(top)
  if not first then
    state.unseen = true
    return nil
  end
  local rows = {}
  for i, line in ipairs(api.nvim_buf_get_lines(state.number, top, bottom + 1, false)) do
    rows[i] = { row = top + i - 1, first = first, size = #line }
    first = first + #line + 1
  end
  return rows
end

-- Marks of one span in rows; `at` is the first of them that it may touch.
local function mark_span(marks, rows, at, first, last, group, depth)
  while rows[at] and rows[at].first + rows[at].size < first do at = at + 1 end
  local i = at
  while rows[i] and rows[i].first <= last do
    local row = rows[i]
    local from, to = math.max(first, row.first), math.min(last + 1, row.first + row.size)
    to = math.min(to, row.first + LINE)
    if from < to then
      add(marks, row.row, from - row.first, to - row.first, group, depth)
    end
    i = i + 1
  end
  return at
end

-- Marks by row of all that is tagged in some rows.
local function marks_of(state, rows)
  local marks, text = {}, state.text
  if not rows or #rows == 0 then return marks end
  local from, to = rows[1].first, rows[#rows].first + rows[#rows].size
  if #rows == 1 then to = math.min(to, from + LINE) end
  local spans = text:spans(from, to) or {}
  local open, at = {}, 1 -- ends of the spans around
  for i = 1, #spans, 3 do
    local first, last, label = spans[i], spans[i + 1], text:label(spans[i + 2])
    while #open > 0 and open[#open] < first do open[#open] = nil end
    if is_shown(state, label) then
      at = mark_span(marks, rows, at, first, last, groups.of(label), #open)
      open[#open + 1] = last
    end
  end
  if state.options.speakers then speakers.add(state, rows, marks) end
  return marks
end

local function draw(number, row, mark)
  if mark.words then
    api.nvim_buf_set_extmark(number, namespace, row, 0, { ephemeral = true, priority = PRIORITY,
      virt_text = { { mark.words, "PostilSpeaker" } }, virt_text_pos = "eol" })
  else
    api.nvim_buf_set_extmark(number, namespace, row, mark.from, { ephemeral = true,
      end_row = row, end_col = mark.to, hl_group = mark.group, priority = mark.priority })
  end
end

local current -- what the window that is being drawn shows

local function start_window(of, number, top, bottom)
  local state = of(number)
  if not state or state.trouble then return false end
  if not work.is_done(state) then work.catch_up(state, state.settled and CATCH_UP or HURRY) end
  if not work.is_done(state) or #state.changes > 0 then work.wake(state) end
  bottom = math.min(bottom, top + ROWS)
  current = { state = state, top = top, bottom = bottom,
    marks = marks_of(state, rows_of(state, top, bottom)) }
  return true
end

local function draw_line(number, row)
  local marks
  if row >= current.top and row <= current.bottom then
    marks = current.marks[row]
  else
    marks = marks_of(current.state, rows_of(current.state, row, row))[row]
  end
  for _, mark in ipairs(marks or {}) do draw(number, row, mark) end
end

function M.start(of)
  namespace = namespace or api.nvim_create_namespace "postil"
  api.nvim_set_decoration_provider(namespace, {
    on_win = function(_, _, number, top, bottom) return start_window(of, number, top, bottom) end,
    on_line = function(_, _, number, row) draw_line(number, row) end,
  })
end

return M

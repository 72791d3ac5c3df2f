-- diagnostics.lua - faults of quotation marks as diagnostics of Neovim, and their repairs.
--
--   diagnostics.start(nvim)             follows all buffers
--   diagnostics.fix(state, first, last) makes the safe repairs in these rows: how many
--   diagnostics.fix_here(state, row, column)  the repair that is nearest in a row, safe or not
--
-- A repair stands in the message, and in user_data.postil: { first=, last=, repair=, safe= } (of
-- none: repair = nil).

local config = require "postil.nvim.config"
local faults = require "postil.editor.faults"
local report = require "postil.nvim.report"
local visible = require "postil.visible"

local api = vim.api

local M = {}

local MOST = 500   -- shown, around what a window shows: more are no help, and each costs time
local WAIT = 150   -- milliseconds without a change

local namespace = api.nvim_create_namespace "postil-faults"

local function message_of(fault)
  local words = visible.line(fault.words)
  if not fault.repair then return words end
  local what = fault.repair == "" and "take it away" or "put " .. visible.line(fault.repair)
  return ("%s (%s%s)"):format(words, what, fault.safe and "" or "?")
end

local function item_of(state, fault)
  local row, column = state.mirror:row_of(fault.first)
  local end_row, end_column = state.mirror:row_of(fault.last + 1)
  if not row then return nil end
  return { lnum = row, col = column, end_lnum = end_row or row, end_col = end_column or column,
    severity = vim.diagnostic.severity.WARN, source = "postil", code = fault.fault,
    message = message_of(fault), user_data = { postil = { first = fault.first,
      last = fault.last, repair = fault.repair, safe = fault.safe } } }
end

-- Rows that a window on a buffer shows, the last one excluded; 0, 0: there is none.  Just behind a
-- jump Neovim has the old last line.
local function shown(state)
  local window = vim.fn.bufwinid(state.number)
  local info = window ~= -1 and vim.fn.getwininfo(window)[1]
  if not info then return 0, 0 end
  return info.topline - 1, math.max(info.botline, info.topline + info.height)
end

local function show(state)
  if state.closed or not state.text.done or state.mirror:is_behind() then return end
  local top, bottom = shown(state)
  local items = {}
  local list, left = faults.around(faults.list(state.text), state.mirror:first_of(top) or 1, MOST)
  for _, fault in ipairs(list) do items[#items + 1] = item_of(state, fault) end
  state.checked = nil -- all rows
  if left > 0 and items[1] then
    state.checked = { top = math.min(top, items[1].lnum),
      bottom = math.max(bottom, items[#items].end_lnum) }
  end
  if #items == 0 and state.has_faults == false then return end
  state.has_faults = #items > 0
  vim.diagnostic.set(namespace, state.number, items)
end

-- After the last of several changes.
local function show_soon(state)
  state.changed = (state.changed or 0) + 1
  local changed = state.changed
  vim.defer_fn(function() if state.changed == changed then show(state) end end, WAIT)
end

-- Windows show other rows: where not all faults are diagnostics, others may be wanted.
local function scrolled(state)
  if not state or not state.checked then return end
  local top, bottom = shown(state)
  if top < state.checked.top or bottom > state.checked.bottom then show_soon(state) end
end

function M.start(nvim)
  api.nvim_create_autocmd("WinScrolled", {
    group = api.nvim_create_augroup("postil-faults", { clear = true }),
    callback = function() scrolled(nvim.of(0)) end,
  })
  nvim.listen(function(event, state)
    if event == "off" and not state.lost then
      vim.diagnostic.reset(namespace, state.number)
    elseif event == "tagged" and config.get().diagnostics then
      show_soon(state)
    end
  end)
end

-- Puts repairs into the buffer; they go from the back to the front.
local function mend(state, edits)
  if not vim.bo[state.number].modifiable then
    report.warn "the buffer cannot be changed: 'modifiable' is off"
    return 0
  end
  local places = {}
  for i, edit in ipairs(edits) do
    local row, column = state.mirror:row_of(edit.first)
    places[i] = { row, column, state.mirror:row_of(edit.last + 1) }
  end
  for i, edit in ipairs(edits) do
    local row, column, end_row, end_column = unpack(places[i])
    api.nvim_buf_set_text(state.number, row, column, end_row, end_column,
      vim.split(edit.text, "\n", { plain = true }))
  end
  return #edits
end

function M.fix(state, first, last)
  local from = state.mirror:first_of(first)
  local to = state.mirror:first_of(last + 1) - 1
  local edits = {}
  for _, edit in ipairs(faults.fixes(state.text, { safe_only = true })) do
    if edit.first >= from and edit.last <= to then edits[#edits + 1] = edit end
  end
  return mend(state, edits)
end

-- The fault of a row that has a repair and is nearest to a column.
local function nearest(state, row, column)
  local best, distance
  local from = state.mirror:first_of(row)
  local to = state.mirror:first_of(row + 1) - 1
  local at = from + column
  for _, fault in ipairs(faults.list(state.text)) do
    if fault.repair and fault.first <= to and fault.last >= from - 1 and fault.first >= from then
      local far = math.max(fault.first - at, at - fault.last, 0)
      if not distance or far < distance then best, distance = fault, far end
    end
  end
  return best
end

function M.fix_here(state, row, column)
  local fault = nearest(state, row, column)
  if not fault then return report.info "no fault with a repair stands in this line" end
  mend(state, { { first = fault.first, last = fault.last, text = fault.repair } })
end

return M

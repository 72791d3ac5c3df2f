-- lists.lua - what `postil who`, `names`, `find` and `check` say of a buffer, as a location list.
--
--   lists.show(state, window, what, asked, at_once)   what: "who", "names", "find", "check", "list"
--
-- A long list is filled in pieces, unless it is wanted at once.

local lists = require "postil.editor.lists"
local report = require "postil.nvim.report"
local visible = require "postil.visible"

local M = {}

local PIECE = 500 -- rows at a time

-- A row as setloclist() takes it.
local function item_of(state, row)
  local at, column = state.mirror:row_of(row.first)
  local to, end_column = state.mirror:row_of(row.last)
  return { bufnr = state.number, lnum = at + 1, col = column + 1, end_lnum = to + 1,
    end_col = end_column + 2, type = row.fault and "W" or nil,
    text = lists.words(state.text, row) }
end

local function items_of(state, rows, from, to)
  local items = {}
  for i = from, math.min(to, #rows) do items[#items + 1] = item_of(state, rows[i]) end
  return items
end

-- Adds the rows from one on, piece by piece; when the text changes meanwhile their places are those
-- of another text, and the rest is left out.
local function fill(state, window, id, rows, from)
  if from > #rows or not vim.api.nvim_win_is_valid(window) then return end
  if state.closed or vim.api.nvim_buf_get_changedtick(state.number) ~= state.listed then return end
  vim.fn.setloclist(window, {}, "a", { id = id, items = items_of(state, rows, from,
    from + PIECE - 1) })
  vim.defer_fn(function() fill(state, window, id, rows, from + PIECE) end, 1)
end

local function open(window)
  if vim.api.nvim_get_current_win() == window then return vim.cmd "lopen" end
  vim.api.nvim_win_call(window, function() vim.cmd "lopen" end) -- the user is elsewhere by now
end

function M.show(state, window, what, asked, at_once)
  local rows = lists.of[what](state.text, asked)
  local title = ":Postil " .. what .. (asked and " " .. visible.line(asked) or "")
  vim.fn.setloclist(window, {}, " ", { title = title, context = { postil = what },
    items = items_of(state, rows, 1, at_once and #rows or PIECE) })
  if #rows == 0 then
    return report.info(lists.nothing[what] .. (asked and ": " .. asked or ""))
  end
  open(window)
  if at_once then return end
  state.listed = vim.api.nvim_buf_get_changedtick(state.number)
  fill(state, window, vim.fn.getloclist(window, { id = 0 }).id, rows, PIECE + 1)
end

return M

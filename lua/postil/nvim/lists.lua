-- lists.lua - what `postil who`, `names`, `find` and `check` say of a buffer, as a location list.
--
--   lists.show(state, window, what, asked)   what: "who", "names", "find", "check", "list"
--   lists.items(state, rows)                 rows of editor/lists.lua as setloclist() takes them

local lists = require "postil.editor.lists"
local report = require "postil.nvim.report"
local visible = require "postil.visible"

local M = {}

-- Tags of a label, or all names and quotations, by place.
local function tags(text, label)
  local rows = {}
  for tag in text.doc:each(label) do
    rows[#rows + 1] = { first = tag.first, last = tag.last, label = tag.label,
      words = tag.label .. ": " .. visible.line(tag.text) }
  end
  return rows
end

local WHAT = {
  who = function(text, name)
    local rows, wanted = lists.who(text), name and require "postil.matches".name(name)
    if not wanted then return rows end
    return vim.tbl_filter(function(row) return row.name ~= nil and wanted(row.name) end, rows)
  end,
  names = function(text, label) return lists.names(text, label) end,
  find = function(text, name) return lists.find(text, name) end,
  check = function(text) return lists.faults(text) end,
  list = tags,
}

local NOTHING = { who = "nobody is quoted", names = "nothing is named", find = "no mention of it",
  check = "no faults", list = "nothing is tagged" }

function M.items(state, rows)
  local items = {}
  for i, row in ipairs(rows) do
    local at, column = state.mirror:row_of(row.first)
    local to, end_column = state.mirror:row_of(row.last)
    items[i] = { bufnr = state.number, lnum = at + 1, col = column + 1, end_lnum = to + 1,
      end_col = end_column + 2, text = row.words, type = row.fault and "W" or nil }
  end
  return items
end

function M.show(state, window, what, asked)
  local rows = WHAT[what](state.text, asked)
  local title = ":Postil " .. what .. (asked and " " .. visible.line(asked) or "")
  vim.fn.setloclist(window, {}, " ", { title = title, items = M.items(state, rows),
    context = { postil = what } })
  if #rows == 0 then
    return report.info(NOTHING[what] .. (asked and ": " .. asked or ""))
  end
  if vim.api.nvim_get_current_win() == window then return vim.cmd "lopen" end
  vim.api.nvim_win_call(window, function() vim.cmd "lopen" end) -- the user is elsewhere by now
end

return M

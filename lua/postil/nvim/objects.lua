-- objects.lua - text objects, motions and jumps: where they lead, and going there.
--
-- What finds takes (state, position, label, count) and returns a place { first=, last= }, or nil
-- and words; label "name": all that names somebody or something.  What uses takes (state, place).

local kinds = require "postil.kinds"
local objects = require "postil.editor.objects"

local api = vim.api

local M = {}

-- A label as editor/objects.lua takes it.
local function labels_of(state, label)
  if label ~= "name" then return label end
  if not state.names or state.names_of ~= state.text.set then
    state.names, state.names_of = kinds.joined(state.text.set:labels()), state.text.set
  end
  return state.names
end

-- The count-th tag around a position; looking ahead in the line where none is around.
local function around(state, position, label, count)
  local list = objects.at(state.text, position, labels_of(state, label))
  local tag = list[math.min(count, #list)]
  if tag then return tag end
  local row = state.mirror:row_of(position)
  local place = objects.next(state.text, position, labels_of(state, label), 1)
  if not place or state.mirror:row_of(place.first) ~= row then
    return nil, ("no %s stands here"):format(label or "tag")
  end
  return objects.at(state.text, place.first, labels_of(state, label))[1]
end

function M.around(state, position, label, count)
  local tag, words = around(state, position, label, count)
  return tag and { first = tag.first, last = tag.last }, words
end

function M.inner(state, position, label, count)
  local tag, words = around(state, position, label, count)
  if not tag then return nil, words end
  local place = objects.inner(state.text, tag, position)
  if place.last < place.first then return nil, "nothing is inside" end
  return place
end

function M.next(state, position, label, count)
  return objects.next(state.text, position, labels_of(state, label), count)
end

function M.previous(state, position, label, count)
  return objects.previous(state.text, position, labels_of(state, label), count)
end

function M.partner(state, position) return objects.partner(state.text, position) end

-- The innermost name at a position.
local function named(state, position)
  return objects.at(state.text, position, labels_of(state, "name"))[1]
end

function M.name_at(state, position)
  local tag = named(state, position)
  return tag and tag.name
end

-- The name at a position, or the word: { row, column } of its first and last byte.
function M.word_at(state, position)
  local tag = named(state, position)
  if tag then
    return { state.mirror:row_of(tag.first) }, { state.mirror:row_of(tag.last) }
  end
  local row, column = state.mirror:row_of(position)
  local line = api.nvim_buf_get_lines(state.number, row, row + 1, false)[1]
  for first, behind in line:gmatch "()[%w\128-\255'-]+()" do
    if first <= column + 1 and behind > column + 1 then
      return { row, first - 1 }, { row, behind - 2 }
    end
  end
end

-- Goes to a place; the jump is remembered.
function M.go(state, place)
  local row, column = state.mirror:row_of(place.first)
  if api.nvim_get_mode().mode == "n" then vim.cmd "normal! m'" end
  api.nvim_win_set_cursor(0, { row + 1, column })
  if api.nvim_get_mode().mode == "n" then vim.cmd "normal! zv" end
end

-- Selects a place, by characters.
function M.select(state, place)
  local row, column = state.mirror:row_of(place.first)
  local end_row, end_column = state.mirror:row_of(place.last)
  local mode = api.nvim_get_mode().mode
  if mode:find "^[vV\22]" then vim.cmd(("normal! \27")) end
  api.nvim_win_set_cursor(0, { row + 1, column })
  vim.cmd "normal! v"
  api.nvim_win_set_cursor(0, { end_row + 1, end_column })
  if vim.o.selection == "exclusive" then vim.cmd "normal! l" end
end

return M

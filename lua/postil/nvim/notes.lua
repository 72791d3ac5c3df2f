-- notes.lua - adds a term or a pin to the rule file beside a text.
--
--   notes.add(state, kind, label, from, to, chosen)   kind: "term" or "pin"; from and to are
--       { row, column } of the first and the last byte; without a label the user is asked, and
--       chosen(label) is told

local files = require "postil.nvim.files"
local kinds = require "postil.kinds"
local notes = require "postil.editor.notes"
local report = require "postil.nvim.report"

local api = vim.api

local M = {}

-- Labels of a state's rules, names first.
local function labels_of(state)
  local list = {}
  for _, label in ipairs(state.text.set:labels()) do
    if label:sub(1, 1) ~= "_" then list[#list + 1] = label end
  end
  table.sort(list, function(a, b)
    if kinds.names(a) ~= kinds.names(b) then return kinds.names(a) end
    return a < b
  end)
  return list
end

-- The position of the last byte of the character at { row, column }.
local function last_byte(state, place)
  local first = state.mirror:first_of(place[1])
  local line = api.nvim_buf_get_lines(state.number, place[1], place[1] + 1, false)[1] or ""
  local column = math.min(place[2], math.max(0, #line - 1))
  local behind = line:match("^[^\128-\191][\128-\191]*()", column + 1) or column + 2
  return first + behind - 2
end

-- The buffer that has a file loaded, or nil.
local function loaded(path)
  local number = files.buffer_of(path)
  return number and api.nvim_buf_is_loaded(number) and number or nil
end

-- Changes that are not saved would be lost, or lose what is added.
local function unsaved(state)
  local path = notes.beside(state.text)
  local number = path and loaded(path)
  return number and vim.bo[number].modified and path .. " has changes that are not saved"
end

local function take(state, kind, label, first, last)
  local words = unsaved(state)
  if words then return nil, words end
  local path, statement = notes.add(state.text, function(source, options)
    if kind == "term" then
      return notes.with_term(source, label, state.text:text(first, last), options)
    end
    return notes.with_pin(source, state.text:text(), first, last, label, options)
  end)
  if path and loaded(path) then vim.cmd("silent checktime " .. loaded(path)) end
  return path, statement
end

function M.add(state, kind, label, from, to, chosen)
  local first, last = state.mirror:first_of(from[1]) + from[2], last_byte(state, to)
  local function go(wanted)
    if not wanted or wanted == "" then return end
    chosen(wanted)
    local path, statement = take(state, kind, wanted, first, last)
    if not path then return report.error(statement) end
    report.info(vim.fn.fnamemodify(path, ":t") .. ": " .. statement)
    require "postil.nvim.rules".written(path)
  end
  if label then return go(label) end
  vim.ui.select(labels_of(state), { prompt = "Label:" }, go)
end

return M

-- notes.lua - adds a term or a pin to the rule file beside a text.
--
--   notes.add(state, kind, label, from, to, chosen)   kind: "term" or "pin"; from and to are
--       { row, column } of the first and the last byte; without a label the user is asked, and
--       chosen(label) is told

local files = require "postil.nvim.files"
local kinds = require "postil.kinds"
local notes = require "postil.editor.notes"
local postil = require "postil"
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

local function write(path, source)
  local ok, words = files.write(path, source)
  if not ok then return nil, words end
  return postil.trust():add(path, source)
end

-- The rule file that can be written to, and what it holds; or nil and words.
local function rule_file(state)
  local name = api.nvim_buf_get_name(state.number)
  if name == "" then return nil, "this text has no file beside which rules could be" end
  if state.text.rules then return nil, "this buffer has rules that were named, none beside it" end
  local path = notes.path(name)
  local number = loaded(path)
  if number and vim.bo[number].modified then
    return nil, path .. " has changes that are not saved"
  end
  local source, words = notes.read(path)
  return source and path, source or words
end

local function take(state, kind, label, first, last)
  local path, source = rule_file(state)
  if not path then return nil, source end
  local new, statement
  if kind == "term" then
    new, statement = notes.with_term(source, label, state.text:text(first, last), { path = path })
  else
    new, statement = notes.with_pin(source, state.text:text(), first, last, label, { path = path })
  end
  if not new then return nil, statement end
  local ok, why = write(path, new)
  if not ok then return nil, why end
  if loaded(path) then vim.cmd("silent checktime " .. loaded(path)) end
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

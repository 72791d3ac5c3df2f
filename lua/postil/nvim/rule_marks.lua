-- rule_marks.lua - errors and failing tests of rule files as diagnostics on their own lines.
--
--   rule_marks.show(results)     of sets.reload: those of the files that it told of are others now
--   rule_marks.show_errors(list) of postil.load

local diagnostics = require "postil.editor.diagnostics"
local postil = require "postil"

local api = vim.api

local M = {}

local namespace = api.nvim_create_namespace "postil-rules"

local SEVERITY = { error = vim.diagnostic.severity.ERROR, warning = vim.diagnostic.severity.WARN }

-- The buffer that shows a file, or nil.
local function buffer_of(path)
  local real = postil.core.files.real
  local wanted = real(path) or path
  for _, number in ipairs(api.nvim_list_bufs()) do
    local name = api.nvim_buf_get_name(number)
    if name ~= "" and (name == path or (real(name) or name) == wanted) then return number end
  end
end

local function item_of(row)
  local column = math.max(0, (row.column or 1) - 1)
  return { lnum = math.max(0, row.line - 1), col = column, end_lnum = math.max(0, row.line - 1),
    end_col = column + (row.width or 1), severity = SEVERITY[row.severity] or SEVERITY.error,
    source = "postil", message = row.message }
end

local function show(records)
  local by_buffer = {}
  for file, rows in pairs(diagnostics.by_file(records)) do
    local number = buffer_of(file)
    if number then
      by_buffer[number] = by_buffer[number] or {}
      for _, row in ipairs(rows) do table.insert(by_buffer[number], item_of(row)) end
    end
  end
  for number, items in pairs(by_buffer) do vim.diagnostic.set(namespace, number, items) end
end

function M.show(results)
  if #results == 0 then return end
  vim.diagnostic.reset(namespace)
  local records = {}
  for _, result in ipairs(results) do
    vim.list_extend(records, result.errors or result.failures or {})
  end
  show(records)
end

function M.show_errors(list) show(list) end

return M

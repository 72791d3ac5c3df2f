-- rule_marks.lua - errors and failing tests of rule files as diagnostics on their own lines.
--
--   rule_marks.show(results)   of sets.reload; those from before go

local diagnostics = require "postil.editor.diagnostics"
local files = require "postil.nvim.files"

local api = vim.api

local M = {}

local namespace = api.nvim_create_namespace "postil-rules"

local SEVERITY = { error = vim.diagnostic.severity.ERROR,
  warning = vim.diagnostic.severity.WARN, hint = vim.diagnostic.severity.HINT }

local function item_of(row)
  local line, column = row.line - 1, (row.column or 1) - 1
  local width = row.column and (row.width or 1)
  return { lnum = line, col = column, end_lnum = width and line or line + 1,
    end_col = width and column + width or 0, severity = SEVERITY[row.severity], source = "postil",
    message = row.message }
end

local function show(records)
  local by_buffer = {}
  for _, row in ipairs(diagnostics.rows(records)) do
    local number = files.buffer_of(row.file)
    if number then
      by_buffer[number] = by_buffer[number] or {}
      table.insert(by_buffer[number], item_of(row))
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

return M

-- diagnostics.lua - what is wrong or odd in a rule file, as rows for its lines.
--
--   diagnostics.rows(records, path)   records: errors of postil.load and set:reload, failures of
--                                     set:test, findings of set:lint; those of the file at `path`
--                                     (nil: all)
--     { { file=, line=, column=, width=, message=, severity= }, ... } by place
--
-- column and width are in bytes, of what the message is about; without them the line as a whole.
-- severity is "error" (does not load), "warning" (a test fails) or "hint" (lint).  message is one
-- line without controls.

local postil = require "postil"
local visible = require "postil.visible"

local M = {}

local function real(path) return postil.core.files.real(path) or path end

-- How many bytes the carets of an excerpt stand below: they count characters of a line.
local function width_of(excerpt)
  local line, under = (excerpt or ""):match "^ *%d+ | ([^\n]*)\n *| ([^\n]*)"
  if not line then return nil end
  local before, carets = under:match "^([^%^]*)(%^+)"
  if not carets then return nil end
  local bytes, n = 0, 0
  for char in line:gmatch "[%z\1-\127\192-\255][\128-\191]*" do
    n = n + 1
    if n > #before and n <= #before + #carets then bytes = bytes + #char end
  end
  return bytes > 0 and bytes or nil
end

local function severity_of(record)
  if record.problems then return "warning" end
  if record.name then return "hint" end
  return "error"
end

function M.rows(records, path)
  local rows, order, wanted = {}, {}, path and real(path)
  for i, record in ipairs(records) do
    if record.file and (not wanted or real(record.file) == wanted) then
      local row = { file = record.file, line = record.line or 1, column = record.column,
        width = record.column and width_of(record.excerpt), severity = severity_of(record),
        message = visible.line(record.message) }
      rows[#rows + 1], order[row] = row, i
    end
  end
  table.sort(rows, function(a, b)
    if a.file ~= b.file then return a.file < b.file end
    if a.line ~= b.line then return a.line < b.line end
    if (a.column or 0) ~= (b.column or 0) then return (a.column or 0) < (b.column or 0) end
    return order[a] < order[b]
  end)
  return rows
end

return M

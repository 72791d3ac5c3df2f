-- names.lua - `postil names`: canonical names with label, count and first place, most frequent
-- first.

local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local kinds = require "postil.kinds"
local named = require "postil.named"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

-- What names nobody and nothing is listed only when --label asks for it.
local function is_wanted(run, label)
  if run.labels then return run.labels[label] end
  return kinds.names(label)
end

-- Names of all documents together: name, label, count, and where each was seen first.
local function collect(run)
  local all = named.new()
  documents.each(run, function(doc, _, file, id)
    for _, one in ipairs(doc:names()) do
      if is_wanted(run, one.label) then
        all:add(one, function()
          local line, column = export.place(doc, one.first, run.options.columns)
          return { id = id, file = file, first = one.first, last = one.last, line = line,
            column = column }
        end)
      end
    end
  end)
  return all:list()
end

local function name_json(one)
  return ('{"name":%s,"label":%s,"count":%d,"unit":"byte","first":{"id":%s,"start":%d,"end":%d,'
    .. '"line":%d,"column":%d}}\n'):format(json.string(one.name), json.string(one.label),
    one.count, one.id, one.first - 1, one.last, one.line, one.column)
end

-- Columns apart by tabs; on a terminal, filled with blanks so that they stand below each other.
local function table_of(all, aligned)
  local rows, widths = {}, { 0, 0, 0 }
  for i, one in ipairs(all) do
    rows[i] = { visible.line(one.name), one.label, tostring(one.count),
      ("%s:%d:%d"):format(visible.line(one.file), one.line, one.column) }
    for c = 1, 3 do widths[c] = math.max(widths[c], unicode.width(rows[i][c])) end
  end
  for i, row in ipairs(rows) do
    if aligned then
      for c = 1, 3 do row[c] = row[c] .. (" "):rep(widths[c] - unicode.width(row[c]) + 1) end
    end
    rows[i] = table.concat(row, aligned and " " or "\t") .. "\n"
  end
  return table.concat(rows)
end

return function(run)
  local all = collect(run)
  if run.options.to ~= "jsonl" then
    run:write(table_of(all, run.terminal))
    return 0
  end
  for _, one in ipairs(all) do run:write(name_json(one)) end
  return 0
end

-- names.lua - `postil names`: canonical names with label, count and first place, most frequent
-- first.

local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local kinds = require "postil.kinds"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

-- What names nobody and nothing is listed only when --label asks for it.
local function is_wanted(run, label)
  if run.labels then return run.labels[label] end
  return kinds.names(label)
end

-- TALLINN is Tallinn, if that is a name, too: what is all capitals counts with the first name of
-- its label that differs in nothing else.
local function fold_capitals(all)
  local by_key, kept = {}, {}
  for i, one in ipairs(all) do
    local folded, capitals = unicode.fold(one.name)
    one.key, one.capitals, one.n = one.label .. "\0" .. folded, capitals, i
    if not capitals and not by_key[one.key] then by_key[one.key] = one end
  end
  for _, one in ipairs(all) do
    local name = one.capitals and by_key[one.key]
    if not name then
      kept[#kept + 1] = one
    else
      name.count = name.count + one.count
      if one.n < name.n then -- it was there before
        for _, field in ipairs { "id", "file", "first", "last", "line", "column", "n" } do
          name[field] = one[field]
        end
      end
    end
  end
  return kept
end

-- Names of all documents together: name, label, count, and where each was seen first.
local function collect(run)
  local all, by_key = {}, {}
  documents.each(run, function(doc, _, file, id)
    for _, one in ipairs(doc:names()) do
      if is_wanted(run, one.label) then
        local key = one.label .. "\0" .. one.name
        local name = by_key[key]
        if not name then
          local line, column = export.place(doc, one.first, run.options.columns)
          name = { name = one.name, label = one.label, count = 0, id = id, file = file,
            first = one.first, last = one.last, line = line, column = column }
          by_key[key], all[#all + 1] = name, name
        end
        name.count = name.count + one.count
      end
    end
  end)
  all = fold_capitals(all)
  table.sort(all, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    if a.name ~= b.name then return a.name < b.name end
    return a.label < b.label
  end)
  return all
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

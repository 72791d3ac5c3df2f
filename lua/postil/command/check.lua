-- check.lua - `postil check`: faults of quotation marks, and with --fix the text without those that
-- can be mended safely.

local documents = require "postil.command.documents"
local export = require "postil.export"
local faults = require "postil.faults"
local json = require "postil.json"
local visible = require "postil.visible"

-- The text with its safe repairs made, and how many faults are left.
local function mend(text, list)
  local edits, left = faults.edits(list)
  local out, at = {}, 1
  for _, edit in ipairs(edits) do
    out[#out + 1] = text:sub(at, edit.first - 1)
    out[#out + 1] = edit.text
    at = edit.last + 1
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out), left
end

-- A repaired text: as it is, or one line of JSON where a line of JSON was asked for or came in.
local function write_fixed(run, id, text)
  if run.options.to == "jsonl" or run.options.from == "jsonl" then
    run:write(('{"id":%s,"text":%s}\n'):format(id, json.string(text)))
  else
    run:write_raw(text)
  end
end

local function report(run, doc, file, list)
  local out = {}
  for i, fault in ipairs(list) do
    local line, column = export.place(doc, fault.first, run.options.columns)
    out[i] = ("%s:%d:%d: %s: %s\n"):format(visible.line(file), line, column, fault.fault,
      visible.line(fault.words))
  end
  run:write(table.concat(out))
end

return function(run)
  local found = false
  documents.each(run, function(doc, text, file, id)
    local list = faults.of(doc)
    local left = #list
    if run.options.fix then
      text, left = mend(text, list)
      write_fixed(run, id, text)
    elseif run.options.to == "jsonl" then
      local out = {}
      for i, fault in ipairs(list) do out[i] = export.fault_json(fault) end
      run:write(('{"id":%s,"unit":"byte","faults":[%s]}\n'):format(id, table.concat(out, ",")))
    else
      report(run, doc, file, list)
    end
    found = found or left > 0
  end)
  return found and 1 or 0
end

-- check.lua - `postil check`: faults of quotation marks, and with --fix the text without those that
-- can be mended safely.

local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local visible = require "postil.visible"

-- The text with its safe repairs made, and how many faults are left.  Of repairs that overlap the
-- first wins; the other fault is left.
local function mend(text, faults)
  local out, at, left = {}, 1, 0
  for _, fault in ipairs(faults) do
    if fault.safe and fault.repair and fault.first >= at then
      out[#out + 1] = text:sub(at, fault.first - 1)
      out[#out + 1] = fault.repair
      at = fault.last + 1
    else
      left = left + 1
    end
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

local function report(run, doc, file, faults)
  local out = {}
  for i, fault in ipairs(faults) do
    local line, column = export.place(doc, fault.first, run.options.columns)
    out[i] = ("%s:%d:%d: %s: %s\n"):format(visible.line(file), line, column, fault.fault,
      visible.line(fault.words))
  end
  run:write(table.concat(out))
end

-- Faults of the text alone: a rule that took too many steps is trouble (documents.lua).
local function faults_of(doc)
  local faults = {}
  for _, fault in ipairs(doc:faults()) do
    if fault.fault ~= "too-complex" then faults[#faults + 1] = fault end
  end
  return faults
end

return function(run)
  local found = false
  documents.each(run, function(doc, text, file, id)
    local faults = faults_of(doc)
    local left = #faults
    if run.options.fix then
      text, left = mend(text, faults)
      write_fixed(run, id, text)
    elseif run.options.to == "jsonl" then
      local list = {}
      for i, fault in ipairs(faults) do list[i] = export.fault_json(fault) end
      run:write(('{"id":%s,"unit":"byte","faults":[%s]}\n'):format(id, table.concat(list, ",")))
    else
      report(run, doc, file, faults)
    end
    found = found or left > 0
  end)
  return found and 1 or 0
end

-- documents.lua - goes over the texts that a command was given: files, standard input, lines of
-- JSON.
--
--   documents.each(run, function(doc, text, name, id) ... end, shows_limits)
--   documents.tag(run, set, text, name)    -> doc | nil: reported
--
-- `run` is what command.lua made of the arguments.  name is what people are shown (the file, or the
-- id of a line), id is JSON text.  A bad file or line is reported in one line of standard error and
-- the others go on.  So is a place where a rule took too many steps and found nothing, unless what
-- the function writes tells of it.

local chosen = require "postil.chosen"
local export = require "postil.export"
local json = require "postil.json"

local M = {}

-- Rules of this file: the run's, or those and the sidecar FILE.postil.lua.
local function rules_for(run, file)
  local sidecar = chosen.beside(file)
  if not run.options.sidecar or file == "-" or not run.host.exists(sidecar) then return run.set end
  local list = { chosen.project(sidecar) }
  for i, rules in ipairs(run.rules) do table.insert(list, i, rules) end
  local set, words = run:load(list)
  if set then return set end
  run:report(words)
  run:complain(file, "not tagged: its sidecar does not load")
  return nil
end

-- A rule that took too many steps: one line a place.
function M.report_limits(run, doc, name)
  local last
  for _, fault in ipairs(doc:faults()) do
    if fault.fault == "too-complex" and fault.first ~= last then
      local line, column = export.place(doc, fault.first, run.options.columns)
      run:complain(("%s:%d:%d"):format(name, line, column), fault.words)
      last = fault.first
    end
  end
end

function M.tag(run, set, text, name)
  local doc, words, excerpt = set:tag(text, { date = run.options.date })
  if doc then return doc end
  run:complain(name, words)
  if excerpt then run:report(excerpt) end
end

local function tag(run, set, text, name, visit, id)
  local doc = M.tag(run, set, text, name)
  if not doc then return end
  visit(doc, text, name, id)
  doc:close()
end

local function visit_text(run, file, visit)
  local text, why = run.host.read(file)
  if not text then return run:complain(file, why .. run:hint(file)) end
  local set = rules_for(run, file)
  if set then tag(run, set, text, file, visit, json.string(file)) end
end

local function visit_lines(run, file, visit, step)
  local reader, why = run.host.jsonl(file)
  if not reader then return run:complain(file, why) end
  local set = rules_for(run, file)
  if not set then return end
  while true do
    local text, name, number, line = reader:next()
    if text then
      local id = number or name and json.string(name) or tostring(line)
      tag(run, set, text, name or id, visit, id)
    elseif text == false then
      run:complain(("%s:%d"):format(file, number), name)
    elseif name then
      return run:complain(file, name)
    else
      return
    end
    step(reader:done())
  end
end

-- Bytes of all files, or nil when one does not say.
local function total_of(run)
  local total = 0
  for _, file in ipairs(run.files) do
    local size = run.host.size(file)
    if not size then return nil end
    total = total + size
  end
  return total
end

function M.each(run, visit, shows_limits)
  local progress = run.progress(total_of(run))
  local before, documents = 0, 0
  local function step(done) progress:step(before + done, documents) end
  local function counted(doc, text, name, id)
    documents = documents + 1
    if not shows_limits then M.report_limits(run, doc, name) end
    visit(doc, text, name, id)
  end
  run.clear = function() progress:clear() end
  for _, file in ipairs(run.files) do
    if run.options.from == "jsonl" then
      visit_lines(run, file, counted, step)
    else
      visit_text(run, file, counted)
    end
    before = before + (run.host.size(file) or 0)
    step(0)
  end
  progress:clear()
end

return M

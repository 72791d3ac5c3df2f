-- watch.lua - `postil tag --watch`: the tags of texts, and then, whenever a text or a file of rules
-- is saved, how they differ from those before.
--
-- Rules that do not load, or whose tests fail, are reported, and the old ones go on.  Ends when the
-- reader of its output goes away, or by a signal; there is nothing to put back then.

local changes = require "postil.command.changes"
local difference = require "postil.difference"
local documents = require "postil.command.documents"
local edited = require "postil.edited"
local export = require "postil.export"
local json = require "postil.json"

local RELOAD_TIMES = 20 -- what loading and testing may take, in what one file may take to load
local STEPS_MAX = 100 -- looks at files that are being written, before they are read all the same

-- Tests that fail are no reason not to begin.
local function test_rules(run)
  for _, failure in ipairs(#run.set:files() > 0 and run.set:test() or {}) do
    run:complain(("%s:%d"):format(failure.file, failure.line or 0), failure.message)
  end
end

-- Reads a text that has this stamp and tags it; whether it is another text than before.
local function read(run, entry, stamp)
  if stamp == entry.stamp then return false end
  entry.stamp = stamp
  local text, why = run.host.read(entry.file)
  if not text then
    if why ~= entry.why then run:complain(entry.file, why) end
    entry.why = why
    return false
  end
  entry.why = nil
  if text == entry.text then return false end
  local doc = documents.tag(run, run.set, text, entry.file)
  if not doc then return false end
  documents.report_limits(run, doc, entry.file)
  if entry.doc then entry.doc:close() end
  entry.text, entry.doc, entry.tags = text, doc, difference.tags(doc)
  return true
end

local function write(run, entry, found, sum)
  found = changes.wanted(found, run.labels)
  changes.add(sum, found)
  run:write(run.options.to == "jsonl" and changes.jsonl(found, json.string(entry.file))
    or changes.lines(run, found, entry.doc, entry.file))
end

-- Tags a text by the rules of `set` and writes what differs.
local function use(run, entry, set, sum)
  local found, words, excerpt = entry.doc:use(set)
  if not found then
    run:complain(entry.file, words)
    if excerpt then run:report(excerpt) end
    return
  end
  documents.report_limits(run, entry.doc, entry.file)
  entry.tags = difference.tags(entry.doc)
  write(run, entry, found, sum)
end

-- Looks at the rules; whether there are others now.  What is wrong with them is said once for each
-- time that they are saved.
local function look_at_rules(run, entries, sum, state)
  local set, words = run:within({ "the rules" }, RELOAD_TIMES, function()
    return run.set:reload()
  end)
  if not set and (state.saved or words ~= state.said) then run:report(words) end
  state.saved, state.said = false, words
  if not set or set == run.set then return false end
  for _, entry in ipairs(entries) do
    -- A text that could not be tagged is tried again.
    if entry.doc then use(run, entry, set, sum) else entry.stamp = nil end
  end
  run.set:close()
  run.set = set
  return true
end

-- Looks at a text; whether it is another now.
local function look_at_text(run, entry, sum, stamp)
  local tags, text = entry.tags, entry.text
  if not read(run, entry, stamp) then return false end
  write(run, entry, edited.between(tags or {}, text or "", entry.tags, entry.text), sum)
  return true
end

-- Takes stamps of rules, texts and their folders; whether one is another than before.
local function stamp_all(run, entries, state)
  local list, differ = {}, false
  local function add(path)
    local before = state.stamps[path]
    list[path] = run.host.stamp(path) or "none"
    differ = differ or list[path] ~= before
    return before and list[path] ~= before
  end
  for _, path in ipairs(run.set:files()) do
    if add(path) then state.saved = true end
    add(path:match "^.*/" or ".")
  end
  for _, entry in ipairs(entries) do
    add(entry.file)
    add(entry.file:match "^.*/" or ".")
  end
  state.stamps = list
  return differ
end

local function watch_all(run, watcher, entries)
  for _, path in ipairs(run.set:files()) do watcher:add(path) end
  for _, entry in ipairs(entries) do watcher:add(entry.file) end
end

-- One look at everything.
local function look(run, entries, state)
  local sum = changes.sum()
  local changed = look_at_rules(run, entries, sum, state)
  for _, entry in ipairs(entries) do
    changed = look_at_text(run, entry, sum, state.stamps[entry.file]) or changed
  end
  if changed and run.options.to ~= "jsonl" then run:write(changes.summary(sum)) end
end

-- Waits until nothing is being written: an editor saves in several steps.
local function rest(run, watcher, entries, state)
  for _ = 1, STEPS_MAX do
    watcher:pause()
    if not stamp_all(run, entries, state) then return end
  end
end

-- Looks until nothing changes any more.  Folders are watched and stamps taken before anything is
-- read, so that no change is missed; rules may name files that are new to the list.
local function settle(run, watcher, entries, state)
  while true do
    watch_all(run, watcher, entries)
    if not stamp_all(run, entries, state) then return end
    rest(run, watcher, entries, state)
    look(run, entries, state)
  end
end

return function(run)
  local entries, state = {}, { stamps = {} }
  local watcher = run.host.watch(run.options.poll)
  for i, file in ipairs(run.files) do entries[i] = { file = file } end
  watch_all(run, watcher, entries)
  test_rules(run)
  for _, entry in ipairs(entries) do
    if read(run, entry, run.host.stamp(entry.file) or "none") then
      run:write(run.options.to == "jsonl"
        and export.jsonl(entry.doc, json.string(entry.file), run.labels)
        or export.lines(entry.doc, entry.text, entry.file, run.labels, run.options.columns))
    end
  end
  repeat settle(run, watcher, entries, state) until not watcher:wait()
  run.trouble = false -- it was told when it came
  return 0
end

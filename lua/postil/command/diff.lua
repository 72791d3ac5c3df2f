-- diff.lua - `postil diff --rules A --rules B`: what B tags otherwise than A.
--
-- A and B are each a file, a pack or several with commas between them: one rule set in that order.

local changes = require "postil.command.changes"
local difference = require "postil.difference"
local documents = require "postil.command.documents"

-- The files and packs of one --rules; a file may have a comma in its name.
local function side(run, names)
  if run.host.exists(names) then return { names } end
  local list = {}
  for name in names:gmatch "[^,]+" do list[#list + 1] = name end
  return list
end

-- Both rule sets, or nil when one does not load: then all is said.
local function load_both(run)
  local sets = {}
  for i, names in ipairs(run.options.rules) do
    local set, words = run:load(side(run, names))
    if not set then run:report(words) end
    sets[i] = set
  end
  if not sets[1] or not sets[2] or not run:knows_labels(sets) then return nil end
  return sets[1], sets[2]
end

return function(run)
  local first, second = load_both(run)
  if not first then return 2 end
  local sum = changes.sum()
  run.set = first
  documents.each(run, function(doc, text, name, id)
    local other = documents.tag(run, second, text, name)
    if not other then return end
    documents.report_limits(run, other, name)
    local found = changes.wanted(difference.between(difference.tags(doc),
      difference.tags(other)), run.labels)
    changes.add(sum, found)
    run:write(run.options.to == "jsonl" and changes.jsonl(found, id)
      or changes.lines(run, found, doc, name))
    other:close()
  end)
  if changes.is_empty(sum) then return 0 end
  if run.options.to ~= "jsonl" then run:write(changes.summary(sum)) end
  return 1
end

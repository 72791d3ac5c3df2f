-- test.lua - runs the tests that rule files carry: yes, no and test.
--
--   yes = "with [Sergei Lavrov]. He"             exactly the bracketed spans carry the label
--   yes = "[Lavrov | is=Sergei Lavrov, title=]"  and have these attributes; title is not set
--   no  = "Cold War came"                        the label is nowhere; of amend: nothing is amended
--   test "name" { text = "...", person = { "Sergei Lavrov", { "Yu Jie", gender = "f" } } }
--   test "name" { file = "a.txt", gold = "a.jsonl", f1 = { org = 0.8 }, person = "9/9" }
--
-- A test sees the whole rule set, so that it notices what other rules do, and helper labels, too.
-- Blocks by position are left out, because a snippet has no first line, but for their own tests and
-- for texts that are files.  Where a rule has a function all texts are tagged again, the last one
-- first, by the same rules and by fresh ones: nothing found may depend on what came before.

local compare = require "postil.test_compare"
local gold = require "postil.gold"
local texts = require "postil.test_texts"
local twice = require "postil.twice"

local M = {}

-- The same rules as they are tested, with or without blocks by position; each is loaded once.
local function rule_sets(set)
  local made = {}
  return function(whole)
    whole = whole or false
    made[whole] = made[whole] or assert(set:twin(whole))
    return made[whole]
  end
end

-- What a text got, for later.
local function keep(run, case, document, doc)
  table.insert(run.texts, { text = document.text, date = document.date, whole = case.whole,
    json = doc:json(case.whole and run.public or nil) })
end

-- Tags the texts of a test.
local function run_texts(run, report, list)
  local case = report.case
  report.set = run.sets(case.whole)
  report.tally = case.gold and gold.tally(list)
  for _, document in ipairs(list) do
    local doc, message = report.set:tag(document.text, { date = document.date })
    if not doc then return report:say(message) end
    compare.text(report, doc, document)
    if run.functions[1] then keep(run, case, document, doc) end
    doc:close()
  end
  if case.gold then compare.sums(report) end
end

local function run_case(run, case)
  local report = compare.report(case)
  local list, words = nil, case.wrong
  if not words then
    list, words = texts.of(case, function(name) return run.set:beside(name, case.origin) end)
  end
  if list then run_texts(run, report, list) else report:say(words) end
  local result = { name = case.name, file = case.file, line = case.line, rows = report.rows }
  if #report.problems > 0 then
    result.failure = { file = case.file, line = case.line, column = case.column, name = case.name,
      message = table.concat(report.problems, "; "), problems = report.problems, text = case.text,
      missing = report.missing, why = report.why, notes = report.notes }
  end
  result.ok = not result.failure
  return result
end

-- The failure of rules one of which remembers; `words` say how it showed.
local function remembers(rules, words)
  local names = {}
  for i, rule in ipairs(rules) do
    names[i] = ("%s:%d %s.%s"):format(rule.file, rule.line or 0, rule.verb, rule.label)
  end
  local message = ("a function remembers, of %s: %s"):format(table.concat(names, " or "), words)
  return { file = rules[1].file, line = rules[1].line, name = "the same in another order",
    message = message, problems = { message }, missing = {} }
end

-- One text again: the failure, or nil.
local function tag_again(run, set, entry)
  local doc, message = set:tag(entry.text, { date = entry.date })
  local json = doc and doc:json(entry.whole and run.public or nil)
  if doc then doc:close() end
  if json == entry.json then return nil end
  if not doc then
    return remembers(twice.suspects(set, run.functions, entry.json, entry.json), message)
  end
  local rules, tag = twice.suspects(run.set, run.functions, entry.json, json)
  return remembers(rules, tag and ("%s is %s once and not the same again"):format(
    compare.quoted(entry.text:sub(tag.start + 1, tag["end"])), tag.label) or
    "faults are not the same again")
end

-- All texts again, the last one first, by the same rules and by fresh ones.
local function run_again(run)
  local result, known = { name = "the same in another order", ok = true, failures = {} }, {}
  for _, sets in ipairs { run.sets, rule_sets(run.set) } do
    for i = #run.texts, 1, -1 do
      local failure = tag_again(run, sets(run.texts[i].whole), run.texts[i])
      local place = failure and ("%s:%d"):format(failure.file, failure.line or 0)
      if failure and not known[place] then
        known[place] = true
        table.insert(result.failures, failure)
      end
    end
  end
  result.failure, result.ok = result.failures[1], #result.failures == 0
  if result.failure then result.file, result.line = result.failure.file, result.failure.line end
  return result
end

local function public_labels(set)
  local public = {}
  for _, label in ipairs(set:labels()) do
    if label:sub(1, 1) ~= "_" then public[label] = true end
  end
  return public
end

-- The tests of a rule set, see set:test(): failures, how many tests there are, and all of them.
function M.run(set, options)
  local cases, functions = set:tests()
  local run = { set = set, sets = rule_sets(set), functions = functions, texts = {},
    public = public_labels(set) }
  for _, one in ipairs(options and options.gold or {}) do
    table.insert(cases, { kind = "test", name = "gold " .. one.name, gold = one.name,
      source = one.source, read = one.read, want = {}, whole = true })
  end
  local failures, results = {}, {}
  for i, case in ipairs(cases) do
    results[i] = run_case(run, case)
    failures[#failures + 1] = results[i].failure
  end
  if run.texts[1] then
    local again = run_again(run)
    table.insert(results, again)
    for _, failure in ipairs(again.failures) do table.insert(failures, failure) end
  end
  return failures, #results, results
end

-- The rules of a set that no test of their own shows to work: those without `yes`, and vetoes
-- without either.  Records as in set.rules, in their order; what is off does not count.
function M.untested(set)
  local tested, list = {}, {}
  for _, case in ipairs((set:tests())) do
    if case.rule and (case.kind == "yes" or case.verb == "veto") then tested[case.rule] = true end
  end
  for i, rule in ipairs(set.rules) do
    if not tested[i] and not rule.off then list[#list + 1] = rule end
  end
  return list
end

return M

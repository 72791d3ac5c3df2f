-- test.lua - runs the tests that rule files carry: yes, no and test.
--
--   yes = "with [Sergei Lavrov]. He"             exactly the bracketed spans carry the label
--   yes = "[Lavrov | is=Sergei Lavrov, title=]"  and have these attributes; title is not set
--   no  = "Cold War came"                        the label is nowhere; of amend: nothing is amended
--   test "name" { text = "...", person = { "Sergei Lavrov", { "Yu Jie", gender = "f" } } }
--   test "name" { file = "a.txt", gold = "a.jsonl", f1 = { person = 0.8 }, quote = "19/20" }
--
-- A test sees the whole rule set, so that it notices what other rules do, and helper labels as well.
-- Blocks by position are left out, because a snippet has no first line, but for their own tests and
-- for texts that are files.  Where a rule has a function all texts are tagged again, the other way
-- round, by the same rules and by fresh ones: what is found must not depend on what came before.

local brackets = require "postil.brackets"
local gold = require "postil.gold"
local twice = require "postil.twice"

local M = {}

-- What every tag may be asked for.
local FIELD = { is = true, name = true, rule = true, depth = true, text = true }
local SHOWN_MAX = 10 -- spans of a gold text that a failure lists

-- ---- one tag -------------------------------------------------------------------------------------

local function shown(value)
  if type(value) == "number" then return ("%.14g"):format(value) end
  return tostring(value)
end

-- A value as a test writes it; of a link the name, or what stands there.
local function words_of(tag, name, text)
  local value = tag[name]
  if name == "is" then value = tag.name end
  if type(value) == "table" then return value.name or text:sub(value.first, value.last) end
  return value ~= nil and shown(value) or ""
end

local function same(found, wanted)
  wanted = shown(wanted)
  return found == wanted or found ~= "" and tonumber(found) and tonumber(found) == tonumber(wanted)
end

local function attribute_words(words)
  return words == "" and "not set" or ("%q"):format(words)
end

-- Whether some rule may give tags of this label such an attribute.
local function is_known(set, label, name)
  if FIELD[name] then return true end
  for number, known in ipairs(set.core:attributes()) do
    if known == name then
      if label == "quote" then return true end
      for i, rule in ipairs(set.rules) do
        if rule.label == label and set.core:gives(i, number) then return true end
      end
    end
  end
  return false
end

local function compare_attributes(report, tag, wishes)
  for _, wish in ipairs(wishes) do
    local found = words_of(tag, wish.name, report.body)
    if not is_known(report.set, tag.label, wish.name) then
      report:say(("no rule gives %s an attribute '%s'"):format(tag.label, wish.name))
    elseif not same(found, wish.value) then
      report:say(("%s of %q is %s, not %s"):format(wish.name, tag.text, attribute_words(found),
        attribute_words(shown(wish.value))))
    end
  end
end

-- ---- a report: what is wrong with one test -------------------------------------------------------

local Report = {}
Report.__index = Report

function Report:say(words)
  self.problems[#self.problems + 1] = words
end

-- A span is not tagged; why not, if the document can tell.
function Report:miss(doc, label, first, last)
  self.missing[#self.missing + 1] = { label = label, first = first, last = last,
    text = self.body:sub(first, last) }
  if not doc.why or self.why then return end
  self.why = tostring(doc:why(first, label))
end

-- ---- kinds of tests ------------------------------------------------------------------------------

-- yes: exactly these spans.
local function compare_spans(report, doc, label, spans)
  local found = {}
  for tag in doc:each(label) do found[tag.first .. " " .. tag.last] = tag end
  for _, span in ipairs(spans) do
    local key = span.first .. " " .. span.last
    if found[key] then
      compare_attributes(report, found[key], span.want)
      found[key] = nil
    else
      report:say(("no %s is %q"):format(label, report.body:sub(span.first, span.last)))
      report:miss(doc, label, span.first, span.last)
    end
  end
  for tag in doc:each(label) do
    if found[tag.first .. " " .. tag.last] then
      report:say(("%q is %s by %s"):format(tag.text, label, tostring(tag.rule)))
    end
  end
end

-- Whether an amend rule has been at a tag: it has all that the rule always sets, or where that is
-- nothing, anything that the rule may give.
local function is_amended(set, case, tag)
  for _, constant in ipairs(case.constants) do
    if not same(words_of(tag, constant.name, ""), constant.value) then return false end
  end
  if case.constants[1] then return true end
  for number, name in ipairs(set.core:attributes()) do
    if tag[name] ~= nil and set.core:gives(case.rule, number) then return true end
  end
  return false
end

-- no, of an amend rule: none of its tags is amended.
local function compare_amended(report, doc, case)
  for tag in doc:each(case.label) do
    if is_amended(report.set, case, tag) then report:say(("%q is amended"):format(tag.text)) end
  end
end

-- The attributes that a test wants behind a text, by name.
local function wishes_of(want)
  local list = {}
  for name, value in pairs(want) do
    if type(name) == "string" then list[#list + 1] = { name = name, value = value } end
  end
  table.sort(list, function(x, y) return x.name < y.name end)
  return list
end

-- test: these texts in this order.
local function compare_texts(report, doc, label, wanted)
  local i = 0
  for tag in doc:each(label) do
    i = i + 1
    local want = wanted[i]
    local words = type(want) == "table" and want[1] or want
    if words ~= tag.text then
      return report:say(("%s %d is %q, not %s"):format(label, i, tag.text,
        words and ("%q"):format(words) or "expected"))
    elseif type(want) == "table" then
      compare_attributes(report, tag, wishes_of(want))
    end
  end
  local want = wanted[i + 1]
  if not want then return end
  local words = type(want) == "table" and want[1] or want
  report:say(("%s %d is missing: %q"):format(label, i + 1, words))
  local first, last = report.body:find(words, 1, true)
  if first then report:miss(doc, label, first, last) end
end

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

-- The labels of a test that have texts: all but those with a count such as "19/20" of gold.
local function compare_labels(report, doc, case)
  local known = {}
  for _, label in ipairs(report.set:labels()) do known[label] = true end
  for _, label in ipairs(sorted_keys(case.want)) do
    local wanted = case.want[label]
    local counted = case.gold and type(wanted[1]) == "string" and wanted[1]:find "^%d+/%d+$"
    if not known[label] then report:say("no rule gives the label " .. label)
    elseif not counted then compare_texts(report, doc, label, wanted) end
  end
end

-- gold: the counts, and the first of what is wrong, each in a line of notes.
local function compare_gold(report, doc, document)
  local missing, extra = report.tally:add(doc, document)
  for words, items in pairs { missing = missing, extra = extra } do
    for _, item in ipairs(items) do
      if #report[words .. "_items"] >= SHOWN_MAX then break end
      local line, column = doc:place(item.first)
      table.insert(report[words .. "_items"], ("%s: %s:%d:%d: %s: %s"):format(words,
        tostring(document.id or report.case.path or report.case.gold), line, column, item.row,
        document.text:sub(item.first, item.last)))
    end
  end
end

-- What f1 and counts of a test ask of the sums over all its texts.
local function judge(report, case)
  local by_name = {}
  for _, row in ipairs(report.rows) do by_name[row.name] = row end
  for _, name in ipairs(sorted_keys(case.f1 or {})) do
    local row, least = by_name[name], case.f1[name]
    if not row then report:say(("the gold has no %s"):format(name))
    elseif row.f1 < least then
      report:say(("F1 of %s is %.4f, less than %s"):format(name, row.f1, shown(least)))
    end
  end
  for _, name in ipairs(sorted_keys(case.want)) do
    local want, row = case.want[name][1], by_name[name] or { tp = 0, fn = 0 }
    local least, all = tostring(want):match "^(%d+)/(%d+)$"
    if least and tonumber(all) ~= row.tp + row.fn then
      report:say(("the gold has %d of %s, not %s"):format(row.tp + row.fn, name, all))
    elseif least and row.tp < tonumber(least) then
      report:say(("%d/%s of %s are found, not %s"):format(row.tp, all, name, want))
    end
  end
end

-- ---- the texts of a test -------------------------------------------------------------------------

-- The line of gold for the one text of a test.
local function line_for(case, lines, text)
  local line = #lines == 1 and lines[1]
  for _, candidate in ipairs(lines) do
    if candidate.id == case.path then line = line or candidate end
  end
  if not line then return nil, ("%s: no line has the id %s"):format(case.gold, case.path or "") end
  if line.text and line.text ~= text then
    return nil, ("%s:%d: the text there is another"):format(case.gold, line.line)
  end
  line.text = text
  return line
end

-- The texts of gold: those that its lines hold, or the files that they name.
local function texts_of_gold(case, lines, read)
  for _, line in ipairs(lines) do
    if not line.text then
      local text, words = read(tostring(line.id or ""))
      if not text then
        return nil, ("%s:%d: no \"text\", and no file \"id\": %s"):format(case.gold, line.line, words)
      end
      line.text = text
    end
    for i, tag in ipairs(line.tags) do
      if tag["end"] > #line.text then
        return nil, ("%s:%d: tag %d ends behind the text"):format(case.gold, line.line, i)
      end
    end
    line.date = line.date or case.date
  end
  return lines
end

-- { text=, date=, id=, tags=, spans= } of each text, or nil, message.  read: files beside the rules.
local function texts_of(case, read)
  if case.kind == "yes" then
    local text, spans = brackets.read(case.text)
    if not text then return nil, spans end
    if #spans == 0 then return nil, "yes has no [ ]; for nowhere write no" end
    return { { text = text, spans = spans } }
  end
  local text, words = case.text, nil
  if case.path then
    text, words = read(case.path)
    if not text then return nil, words end
  end
  if not case.gold then return { { text = text, date = case.date, id = case.path } } end
  local source = case.source
  if not source then
    source, words = read(case.gold)
    if not source then return nil, words end
  end
  local lines
  lines, words = gold.read(source, case.gold)
  if not lines then return nil, words end
  if text then
    local line
    line, words = line_for(case, lines, text)
    if not line then return nil, words end
    lines = { line }
  end
  return texts_of_gold(case, lines, case.read or read)
end

-- ---- running -------------------------------------------------------------------------------------

-- The same rules as they are tested, with or without blocks by position; each is loaded once.
local function rule_sets(set)
  local made = {}
  return function(whole)
    whole = whole or false
    made[whole] = made[whole] or assert(set:twin(whole))
    return made[whole]
  end
end

local function compare(report, doc, case, document)
  if case.kind == "yes" then return compare_spans(report, doc, case.label, document.spans) end
  if case.kind == "no" then
    if case.constants then return compare_amended(report, doc, case) end
    return compare_spans(report, doc, case.label, {})
  end
  compare_labels(report, doc, case)
  if case.gold then compare_gold(report, doc, document) end
end

-- Tags the texts of a test; remembers what each got in run.texts.
local function run_texts(run, report, case, texts)
  local set = run.sets(case.whole)
  report.set = set
  for _, document in ipairs(texts) do
    local doc, message = set:tag(document.text, { date = document.date })
    if not doc then return report:say(message) end
    report.body = document.text
    compare(report, doc, case, document)
    table.insert(run.texts, { text = document.text, date = document.date, whole = case.whole,
      json = doc:json(case.whole and run.public or nil) })
    doc:close()
  end
end

local function finish(report, case)
  local result = { name = case.name, file = case.file, line = case.line, rows = report.rows }
  if #report.problems > 0 then
    result.failure = { file = case.file, line = case.line, name = case.name,
      message = table.concat(report.problems, "; "), problems = report.problems, text = case.text,
      missing = report.missing, why = report.why, notes = report.missing_items }
    for _, note in ipairs(report.extra_items) do table.insert(report.missing_items, note) end
  end
  result.ok = not result.failure
  return result
end

local function run_case(run, case)
  local report = setmetatable({ case = case, body = "", problems = {}, missing = {},
    missing_items = {}, extra_items = {} }, Report)
  local texts, words = texts_of(case, function(name) return run.set:beside(name, case.origin) end)
  if not texts then
    report:say(words)
  else
    report.tally = case.gold and gold.tally(texts)
    run_texts(run, report, case, texts)
    report.rows = case.gold and report.tally:rows()
    if report.rows then judge(report, case) end
  end
  return finish(report, case)
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
  return remembers(rules, tag and ("%q is %s once and not the same again"):format(
    entry.text:sub(tag.start + 1, tag["end"]), tag.label) or "faults are not the same again")
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
  if #functions > 0 and #run.texts > 0 then
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

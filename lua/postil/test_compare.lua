-- test_compare.lua - holds a tagged text against what a test says of it.
--
--   local report = compare.report(case)
--   compare.text(report, doc, document)   one text of the case; report.set: the rules
--   compare.sums(report)                  all texts were seen: the counts of gold
--
-- A report has problems in words, the spans that are missing, why the first of them is, rows of
-- counts, and notes: lines about single spans of gold.

local M = {}

-- What every tag may be asked for.
local FIELD = { is = true, name = true, rule = true, depth = true, text = true }
local NOTES_MAX = 10    -- spans that gold has and rules lack, and as many the other way round
local PROBLEMS_MAX = 20 -- of a test
local WORDS_MAX = 200   -- bytes of a text in a problem

-- ---- one tag ------------------------------------------------------------------------------------

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

-- Words of a text between marks, the first of them if they are many.
local function quoted(words)
  if #words > WORDS_MAX then
    words = words:sub(1, WORDS_MAX):gsub("[\192-\255]?[\128-\191]*$", "") .. "…"
  end
  return '"' .. words .. '"'
end

M.quoted = quoted

local function attribute_words(words)
  return words == "" and "not set" or quoted(words)
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

local function compare_attributes(report, doc, tag, wishes)
  for _, wish in ipairs(wishes) do
    local found = words_of(tag, wish.name, report.body)
    if not is_known(report.set, tag.label, wish.name) then
      report:say(("no rule gives %s an attribute '%s'"):format(tag.label, wish.name))
    elseif not same(found, wish.value) then
      report:say(("%s of %s is %s, not %s"):format(wish.name, quoted(tag.text),
        attribute_words(found), attribute_words(shown(wish.value))))
      report:explain(doc, tag.label, tag.first)
    end
  end
end

-- ---- a report: what is wrong with one test ------------------------------------------------------

local Report = {}
Report.__index = Report

function M.report(case)
  return setmetatable({ case = case, body = "", problems = {}, missing = {}, notes = {},
    noted = { missing = 0, extra = 0 } }, Report)
end

function Report:say(words)
  local n = #self.problems
  if n < PROBLEMS_MAX then self.problems[n + 1] = words end
  if n == PROBLEMS_MAX then self.problems[n + 1] = "and more" end
end

function Report:is_full()
  return #self.problems > PROBLEMS_MAX
end

-- Why the label is, or is not, at a place; of the first place that is asked for.
function Report:explain(doc, label, first)
  if self.why then return end
  local list = doc:why(first, label)
  self.why = list and list[1] and tostring(list) or "no rule came near"
end

-- A span is not tagged.
function Report:miss(doc, label, first, last)
  self.missing[#self.missing + 1] = { label = label, first = first, last = last,
    text = self.body:sub(first, last) }
  self:explain(doc, label, first)
end

-- ---- kinds of tests -----------------------------------------------------------------------------

-- yes: exactly these spans.
local function compare_spans(report, doc, label, spans)
  local found = {}
  for tag in doc:each(label) do found[tag.first .. " " .. tag.last] = tag end
  for _, span in ipairs(spans) do
    if report:is_full() then return end
    local key = span.first .. " " .. span.last
    if found[key] then
      compare_attributes(report, doc, found[key], span.want)
      found[key] = nil
    else
      report:say(("no %s is %s"):format(label, quoted(report.body:sub(span.first, span.last))))
      report:miss(doc, label, span.first, span.last)
    end
  end
  for tag in doc:each(label) do
    if report:is_full() then return end
    if found[tag.first .. " " .. tag.last] then
      report:say(("%s is %s by %s"):format(quoted(tag.text), label, tostring(tag.rule)))
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
local function compare_amended(report, doc)
  for tag in doc:each(report.case.label) do
    if report:is_full() then return end
    if is_amended(report.set, report.case, tag) then
      report:say(quoted(tag.text) .. " is amended")
    end
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
      return report:say(("%s %d is %s, not %s"):format(label, i, quoted(tag.text),
        words and quoted(words) or "expected"))
    elseif type(want) == "table" then
      compare_attributes(report, doc, tag, wishes_of(want))
    end
  end
  local want = wanted[i + 1]
  if not want then return end
  local words = type(want) == "table" and want[1] or want
  report:say(("%s %d is missing: %s"):format(label, i + 1, quoted(words)))
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
local function compare_labels(report, doc)
  local case, known = report.case, {}
  for _, label in ipairs(report.set:labels()) do known[label] = true end
  for _, label in ipairs(sorted_keys(case.want)) do
    local wanted = case.want[label]
    local counted = case.gold and tostring(wanted[1]):find "^%d+/%d+$"
    if not known[label] then report:say("no rule gives the label " .. label)
    elseif not counted then compare_texts(report, doc, label, wanted) end
  end
end

function Report:note(kind, doc, document, items)
  for _, item in ipairs(items) do
    self.noted[kind] = self.noted[kind] + 1
    if self.noted[kind] > NOTES_MAX then return end
    local line, column = doc:place(item.first)
    table.insert(self.notes, ("%s: %s:%d:%d: %s: %s"):format(kind, tostring(document.id), line,
      column, item.row, document.text:sub(item.first, item.last)))
  end
end

-- What f1 and counts of a test ask of the sums over all its texts.
function M.sums(report)
  local case, by_name = report.case, {}
  report.rows = report.tally:rows()
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

function M.text(report, doc, document)
  local case = report.case
  report.body = document.text
  if case.kind == "yes" then
    compare_spans(report, doc, case.label, document.spans)
  elseif case.constants then
    compare_amended(report, doc)
  elseif case.kind == "no" then
    compare_spans(report, doc, case.label, {})
  else
    compare_labels(report, doc)
    if not case.gold then return end
    local missing, extra = report.tally:add(doc, document)
    report:note("missing", doc, document, missing)
    report:note("extra", doc, document, extra)
  end
end

return M

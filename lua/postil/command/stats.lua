-- stats.lua - `postil stats`: what each rule finds in texts, what it costs, and which rules are of
-- no use there.

local documents = require "postil.command.documents"
local json = require "postil.json"
local names = require "postil.called"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

local COUNTS = { "found", "kept", "context", "vetoed", "refused", "merged", "beaten", "limits",
  "steps" }

-- Patterns without a word to look for, by rule: { [number] = true }.
local function slow_patterns(set)
  local slow = {}
  for _, finding in ipairs(set.core:lint()) do
    if finding.name == "slow" then
      slow[finding.rule] = slow[finding.rule] or {}
      slow[finding.rule][finding.pattern] = true
    end
  end
  return slow
end

-- Choices that no text can reach: `lint` says so without one.
local function unreachable(set, called)
  local lines = {}
  for _, finding in ipairs(set:lint()) do
    if finding.name == "unreachable" then
      lines[#lines + 1] = ("%s:%d:%d: %s"):format(called.file(finding.file),
        finding.line, finding.column, visible.line(finding.message))
    end
  end
  return lines
end

local function by_time(a, b)
  if a.seconds ~= b.seconds then return a.seconds > b.seconds end
  if a.steps ~= b.steps then return a.steps > b.steps end
  return a.number < b.number
end

-- ---- for people ---------------------------------------------------------------------------------

-- Rows of columns, the first to the left, the others to the right.
local function align(rows)
  local widths, lines = {}, {}
  for _, row in ipairs(rows) do
    for c, cell in ipairs(row) do widths[c] = math.max(widths[c] or 0, unicode.width(cell)) end
  end
  for i, row in ipairs(rows) do
    local cells = {}
    for c, cell in ipairs(row) do
      local blanks = (" "):rep(widths[c] - unicode.width(cell))
      cells[c] = c == 1 and cell .. blanks or blanks .. cell
    end
    lines[i] = table.concat(cells, "  ") .. "\n"
  end
  return table.concat(lines)
end

local function table_of(list, seconds)
  local rows = { { "rule", "kept", "found", "steps", "us", "%" } }
  for _, rule in ipairs(list) do
    if rule.found > 0 or rule.steps > 0 then
      rows[#rows + 1] = { rule.short, json.number(rule.kept), json.number(rule.found),
        json.number(rule.steps), ("%.0f"):format(rule.seconds * 1e6),
        ("%.1f"):format(seconds > 0 and 100 * rule.seconds / seconds or 0) }
    end
  end
  return align(rows)
end

local function section(title, lines)
  if #lines == 0 then return "" end
  return "\n" .. title .. "\n  " .. table.concat(lines, "\n  ") .. "\n"
end

local function numbers_of(patterns, total)
  return (#patterns == 1 and "pattern " or "patterns ") .. table.concat(patterns, ", ") ..
    " of " .. total
end

local function never_matched(rule)
  if not rule.counted then return nil end
  if rule.found == 0 then return rule.called end
  local unused = {}
  if rule.verb == "block" then return nil end -- which of its patterns took a line is not told
  for i, pattern in ipairs(rule.patterns) do
    if pattern.found == 0 then unused[#unused + 1] = i end
  end
  return #unused > 0 and rule.called .. ": " .. numbers_of(unused, #rule.patterns) or nil
end

local SHARES = { { "context", "by its context" }, { "vetoed", "to vetoes" },
  { "refused", "by its function" }, { "merged", "to the same tag" },
  { "beaten", "to stronger tags" } }
local LOSERS = 3 -- rules that are named

-- Why nothing is left of what a rule found.
local function always_lost(rule, all)
  if rule.found == 0 or rule.kept > 0 then return nil end
  if rule.verb == "veto" then
    return ("%s: %d found, no tag there"):format(rule.called, rule.found)
  end
  local why = {}
  for _, share in ipairs(SHARES) do
    local n = rule[share[1]]
    local words = rule.verb == "amend" and share[1] == "beaten" and "since it was set" or share[2]
    if n > 0 then why[#why + 1] = ("%d %s"):format(n, words) end
  end
  local whom = {}
  for i = 1, math.min(#rule.lost, LOSERS) do
    whom[i] = ("%s %d"):format(all[rule.lost[i].by].short, rule.lost[i].times)
  end
  if #rule.lost > LOSERS then whom[#whom + 1] = "…" end
  return ("%s: %d found, %s%s"):format(rule.called, rule.found, table.concat(why, ", "),
    #whom > 0 and "\n    to " .. table.concat(whom, ", ") or "")
end

local function is_slow(rule)
  local numbers = {}
  for i in ipairs(rule.patterns) do
    if rule.slow[i] then numbers[#numbers + 1] = i end
  end
  return #numbers > 0 and rule.called .. ": " .. numbers_of(numbers, #rule.patterns) or nil
end

local function is_limited(rule)
  return rule.limits > 0 and ("%s: in %d paragraph%s"):format(rule.called, rule.limits,
    rule.limits == 1 and "" or "s") or nil
end

-- What `words` says of the rules, those of which it says something, in the order of the file.
local function each(all, words)
  local lines = {}
  for _, rule in ipairs(all) do
    if not rule.off then lines[#lines + 1] = words(rule, all) or nil end
  end
  return lines
end

local function report(run, all, seconds)
  local called = names.of(all)
  for _, rule in ipairs(all) do
    rule.short, rule.called = called.rule(rule), called.rule_and_place(rule)
  end
  local sorted = {}
  for i, rule in ipairs(all) do sorted[i] = rule end
  table.sort(sorted, by_time)
  run:write(table_of(sorted, seconds))
  run:write(section("never matched:", each(all, never_matched)))
  run:write(section("matched and never stayed:", each(all, always_lost)))
  run:write(section("choices that are never taken:", unreachable(run.set, called)))
  run:write(section("no word to look for:", each(all, is_slow)))
  run:write(section("too many steps:", each(all, is_limited)))
end

-- ---- as JSON ------------------------------------------------------------------------------------

local function counts_json(stat)
  local fields = {}
  for i, name in ipairs(COUNTS) do fields[i] = ('"%s":%s'):format(name, json.number(stat[name])) end
  return table.concat(fields, ",") .. ',"seconds":' .. json.number(stat.seconds)
end

local function line_json(rule) return rule.line and json.number(rule.line) or "null" end

local function rule_json(rule, all)
  local patterns, lost = {}, {}
  for i, pattern in ipairs(rule.patterns) do
    patterns[i] = ('{%s,"slow":%s}'):format(counts_json(pattern), tostring(rule.slow[i] or false))
  end
  for i, loss in ipairs(rule.lost) do
    local by = all[loss.by]
    lost[i] = ('{"rule":%s,"file":%s,"line":%s,"times":%s}'):format(json.string(by.name),
      json.string(by.file), line_json(by), json.number(loss.times))
  end
  return ('{"rule":%s,"verb":%s,"label":%s,"file":%s,"line":%s,"counted":%s,%s,"patterns":[%s],'
    .. '"lost":[%s]}\n'):format(json.string(rule.name), json.string(rule.verb),
    json.string(rule.label), json.string(rule.file), line_json(rule),
    tostring(rule.counted), counts_json(rule), table.concat(patterns, ","), table.concat(lost, ","))
end

return function(run)
  local texts = 0
  run.set:count()
  documents.each(run, function() texts = texts + 1 end)
  local all, seconds = run.set:stats()
  local slow = slow_patterns(run.set)
  for i, rule in ipairs(all) do rule.number, rule.slow = i, slow[i] or {} end
  if run.options.to ~= "jsonl" then
    report(run, all, seconds)
    return 0
  end
  for _, rule in ipairs(all) do
    if not rule.off then run:write(rule_json(rule, all)) end
  end
  run:write(('{"texts":%d,"seconds":%s}\n'):format(texts, json.number(seconds)))
  return 0
end

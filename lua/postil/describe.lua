-- describe.lua - what a rule set has, label by label: its rules, terms, attributes and an example.
--
-- From what the core knows of each statement (rules:describe), where they stand (set.rules) and the
-- tests they carry.

-- How an attribute comes about, in the order in which it is told.
local HOW = { capture = 1, constant = 2, template = 3, map = 4, ["function"] = 5, term = 6,
  core = 7 }

-- Converters are told by their names, "p.date", where other functions are.
local function by_how(a, b)
  local rank_a, rank_b = HOW[a] or HOW["function"], HOW[b] or HOW["function"]
  if rank_a ~= rank_b then return rank_a < rank_b end
  return a < b
end

local function is_helper(label) return label:sub(1, 1) == "_" end

-- Labels for people first, helpers behind them, each by name.
local function in_order(a, b)
  if a.helper ~= b.helper then return b.helper end
  return a.label < b.label
end

local function add_attribute(entry, name, how)
  local attribute = entry.known[name]
  if not attribute then
    attribute = { name = name, how = {} }
    entry.known[name] = attribute
    entry.attributes[#entry.attributes + 1] = attribute
  end
  for _, known in ipairs(attribute.how) do
    if known == how then return end
  end
  attribute.how[#attribute.how + 1] = how
end

local function finish(entry)
  entry.known = nil
  table.sort(entry.attributes, function(a, b) return a.name < b.name end)
  for _, attribute in ipairs(entry.attributes) do
    table.sort(attribute.how, by_how)
  end
end

local function add_rule(entry, rule, place)
  entry.rules[#entry.rules + 1] = { name = rule.name, verb = rule.verb, file = place.file,
    line = place.line, patterns = rule.patterns, terms = rule.terms }
  for _, attribute in ipairs(rule.attributes) do
    local converter = attribute.how == "function" and place.converters
      and place.converters[attribute.name]
    if rule.verb ~= "veto" then add_attribute(entry, attribute.name, converter or attribute.how) end
  end
  if rule.verb == "veto" then return end
  entry.terms = entry.terms + rule.terms
  entry.term = entry.term or rule.term
end

-- The first `yes` of a label, else its first term.
local function add_examples(by_label, tests)
  for _, test in ipairs(tests) do
    local entry = test.kind == "yes" and by_label[test.label]
    if entry and not entry.example then entry.example = test.text end
  end
end

-- labels: all names; rules: rules:describe(); places: set.rules, of the same numbers.
return function(labels, rules, places, tests)
  local list, by_label = {}, {}
  for _, label in ipairs(labels) do
    local entry = { label = label, helper = is_helper(label), rules = {}, terms = 0,
      attributes = {}, known = {} }
    by_label[label] = entry
    list[#list + 1] = entry
  end
  if by_label.quote then add_attribute(by_label.quote, "kind", "core") end
  for number, rule in ipairs(rules) do
    if not rule.off then add_rule(by_label[rule.label], rule, places[number]) end
  end
  add_examples(by_label, tests)
  for _, entry in ipairs(list) do finish(entry) end
  table.sort(list, in_order)
  return list
end

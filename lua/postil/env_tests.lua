-- env_tests.lua - the tests that rule files carry, as data for test.lua.
--
-- Runs in the private state of a rule set, when its tests are asked for, and adds the handler
-- `tests` to those of env.lua.  Until then tests are only kept, so that they cost a load next to
-- nothing; what is wrong with one is told with it, as case.wrong.

local core, p, env = ...

local insert = table.insert

local FIELDS = { text = "string", file = "string", gold = "string", date = "string", f1 = "table",
  tags = "table" }

-- ---- yes and no ---------------------------------------------------------------------------------

-- What an amend rule always sets, { name=, value= } each: its tags are known by it.
local function constants_of(rule)
  local list = {}
  for _, set in ipairs(rule.sets) do
    if set.kind == "value" then insert(list, { name = set.name, value = set.value }) end
  end
  return list
end

-- Adds the tests of a statement to a list, one for each text.
local function list_statement(entry, list)
  local s = entry.statement
  for _, kind in ipairs { "yes", "no" } do
    local texts = entry[kind]
    for i, text in ipairs(type(texts) == "string" and { texts } or texts or {}) do
      insert(list, { kind = kind, name = s.verb .. "." .. s.label .. " " .. kind .. " " .. i,
        label = s.label, verb = s.verb, text = text, file = s.file.name, origin = s.file.origin,
        line = s.line, call = s.line and s.call,
        path = s.line and { 1, kind, texts ~= text and i or nil },
        rule = s.number, whole = s.rule.at ~= nil,
        constants = kind == "no" and s.verb == "amend" and constants_of(s.rule) or nil })
    end
  end
end

-- ---- test ---------------------------------------------------------------------------------------

-- Ends the reading of a test with words about one of its fields; of_key: about its name.
local function refuse(words, key, of_key)
  error({ wrong = words, path = { 2, key }, key = of_key }, 0)
end

-- Notes what a test wants of a label: texts, each alone or with attributes behind it.
local function want(case, label, spans)
  if type(label) ~= "string" or not label:match "^_?%l[%l%d_]*$" then
    refuse("'" .. tostring(label) .. "' is no label", label, true)
  end
  if type(spans) ~= "table" then spans = { spans } end
  for _, span in ipairs(spans) do
    local good = type(span) == "string" or type(span) == "table" and type(span[1]) == "string"
    for key, value in pairs(type(span) == "table" and span or {}) do
      local kind = type(value)
      good = good and kind ~= "table" and kind ~= "function" and
        (key == 1 or type(key) == "string" and key:match "^%l[%l%d_]*$")
    end
    if not good then
      refuse(label .. " wants texts, each \"span\" or { \"span\", attribute = value }", label)
    end
  end
  case.want[label] = spans
end

local function check_least(least)
  for name, value in pairs(least) do
    if type(name) ~= "string" or type(value) ~= "number" or not (value >= 0 and value <= 1) then
      refuse("f1 = { label = 0.9 } is wanted, from 0 to 1", "f1")
    end
  end
end

-- test "name" { text = "...", label = { "span", ... } }, or with file = and gold = names of files.
-- Labels that are called like one of the other fields stand in tags = { }.
local function read_test(case, argument)
  for _, key in ipairs(core.keys(argument)) do
    local value = argument[key]
    if not FIELDS[key] then
      want(case, key, value)
    elseif type(value) ~= FIELDS[key] then
      refuse("'" .. key .. "' must be a " .. FIELDS[key], key)
    else
      case[key == "file" and "path" or key] = value
    end
  end
  for _, label in ipairs(core.keys(case.tags or {})) do want(case, label, case.tags[label]) end
  if not (case.text or case.path or case.gold) then
    refuse("{ text = \"...\", label = { \"span\", ... } } is wanted")
  end
  if case.text and case.path then refuse("text or file, not both", "file", true) end
  if case.f1 and not case.gold then refuse("f1 goes with gold", "f1", true) end
  check_least(case.f1 or {})
end

local function case_of(entry)
  local case = { want = {} }
  local ok, err = pcall(read_test, case, entry.argument)
  if not ok then
    case = type(err) == "table" and err or { wrong = tostring(err) }
    case.call = case.path and entry.line and "test"
  end
  case.kind, case.name, case.line = "test", entry.name, entry.line
  case.file, case.origin, case.whole = entry.file.name, entry.file.origin, not case.text
  return case
end

-- ---- functions ----------------------------------------------------------------------------------

-- Whether a rule calls a function of a rule file; those of p remember nothing.
local function calls_function(rule, known)
  if rule.keeper then return not known[rule.keeper] end
  for _, set in ipairs(rule.sets) do
    if set.of and not known[set.of] then return true end
  end
  return false
end

-- The tests that the files carry, each with the way to its place, but for rules that are off; and
-- the numbers of the rules that have a function.
function env.handlers.tests()
  local list, known, functions = {}, {}, {}
  for _, value in pairs(p) do known[value] = true end
  for _, entry in ipairs(env.tests) do
    if not entry.statement then insert(list, case_of(entry))
    elseif not env.result.rules[entry.statement.number].off then list_statement(entry, list) end
  end
  for _, s in pairs(env.statements) do
    if calls_function(s.rule, known) then insert(functions, s.number) end
  end
  table.sort(functions)
  return list, functions
end

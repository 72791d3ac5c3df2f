-- env_statements.lua - what rule files state: verb.label { ... }, quotes, ignore, pack, off.
--
-- A part of what a private state begins with; see env.lua.  The notation verb.label { ... } is that
-- of build files which name their targets by indexing.

local core, p, env = ...

local a, did_you_mean, full, need_loading, statement, trouble =
  env.a, env.did_you_mean, env.full, env.need_loading, env.statement, env.trouble
local add_table, add_terms, check_fields, check_options, table_name, way_to =
  env.add_table, env.add_terms, env.check_fields, env.check_options, env.table_name, env.way_to
local NAME_MAX, patterns_of, result, settings_of =
  env.NAME_MAX, env.patterns_of, env.result, env.settings_of
local ipairs, pairs, setmetatable, tostring, type = ipairs, pairs, setmetatable, tostring, type
local find, floor, gmatch, insert, match, sub =
  string.find, math.floor, string.gmatch, table.insert, string.match, string.sub

local VERB = { tag = 0, veto = 1, amend = 2, alias = 3, pin = 4, block = 5 }
local CASE = { letter = 0, exact = 1, fold = 2 }
local LEVEL = 1 -- of the rule language: pack { postil = 1 }

local tests = {}      -- as they stand: { statement=, yes=, no= } and { name=, argument= } of `test`
local statements = {} -- by number in the core
local pieces = {}     -- of a statement that was refused in part: by number, its first pattern
local ignored = {}    -- { s=, at= offset in its string } by number in the core
local named = {}      -- by name: statements and what the host knows of them, { s, record }
local offs = {}       -- what `off` was asked for: { s=, name= }

env.positions = true  -- whether blocks that stand at a place of the text are looked for

local function case_of(s, name)
  if name ~= nil and not CASE[name] then
    trouble(s, "case is \"letter\", \"exact\" or \"fold\", not '" .. name .. "'" ..
      did_you_mean(name, CASE), { "case" }, name)
  end
  return CASE[name] or 0
end

-- Whether a file other than the statement's has dropped rules of this name.
local function is_off(s, name)
  for _, one in ipairs(offs) do
    if one.name == name and one.s.file ~= s.file then s.off = true end
  end
  return s.off
end

local function skips(s, bad)
  if bad ~= nil and bad ~= "skip" and bad ~= "refuse" then
    trouble(s, "bad is \"refuse\" or \"skip\", for rows of a table, not '" .. bad .. "'", { "bad" },
      bad)
  end
  return bad == "skip"
end

-- The way to the text that the core complains about, and that text; from: the number of the first
-- pattern that it has seen.
local function way_of(s, field, nth, from)
  if field == "pattern" then
    local n = nth + from
    return s.bare and {} or { s.numbers[n] }, s.patterns[n]
  elseif field == "set" or field == "from" then
    local set = s.rule.sets[nth + 1]
    local source = field == "from" and "from" or nil
    return way_to(set.name, set.of_is, source), source and set.from or set.value
  elseif field and field ~= "label" then
    return { field }, s.rule[field]
  end
end

local function slice(list, first, last)
  local some = {}
  for i = first, last do some[i - first + 1] = list[i] end
  return some
end

-- Adds a statement to the core; its number there, or nil.  Where patterns are refused, what stands
-- before and behind each is added, so that all are looked at and the label is known.
local function add(s, rule)
  local from = 1
  while true do
    local index, words, at, field, nth = core.add(rule)
    if index then
      statements[index], pieces[index] = s, from > 1 and from or nil
      return index
    end
    if words == "out of memory" then return trouble(s, words) end
    local where, text = way_of(s, field, nth, from)
    trouble(s, words, where, text, at)
    if full() then return nil end
    if field == "pattern" then
      rule.patterns = slice(s.patterns, from, from + nth - 1)
      local before = nth > 0 and core.add(rule)
      if before then statements[before], pieces[before] = s, from end
      from = from + nth + 1
      rule.patterns = slice(s.patterns, from, #s.patterns)
    elseif where and field ~= "set" then
      rule[field] = nil
    else
      return nil
    end
  end
end

local function number_option(s, options, name, least)
  local n = options[name]
  if n ~= nil and (n ~= floor(n) or n < least or n > 1000000) then
    trouble(s, "option '" .. name .. "' must be a whole number from " .. least .. " on", { name })
    return 0
  end
  return n or 0
end

-- The attributes that functions of p make, with the names of these: { day = "p.date" }, or nil.
local function converters_of(sets)
  local converters
  for _, set in ipairs(sets) do
    if set.kind == "hook" then
      for name, value in pairs(p) do
        if value == set.of then
          converters = converters or {}
          converters[set.name] = "p." .. name
        end
      end
    end
  end
  return converters
end

-- verb.label(argument)
local function state(s, argument)
  if full() then return end
  if #s.label > NAME_MAX then
    return trouble(s, "a label has at most " .. NAME_MAX .. " letters")
  elseif not match(s.label, "^_?%l[%l%d_]*$") then
    return trouble(s, "labels are lower case: a-z, 0-9, _")
  end
  s.bare = type(argument) == "string"
  if s.bare then argument = { argument } end
  if type(argument) ~= "table" then
    return trouble(s, "a pattern or { ... } is wanted, not " .. a(type(argument)), {})
  end
  local options = check_options(s, argument)
  local patterns, numbers = patterns_of(s, argument)
  local rule = {
    verb = VERB[s.verb], label = s.label, file = s.file.base, line = s.line or 0,
    patterns = patterns, sets = settings_of(s, options),
    case = case_of(s, options.case),
    after = options.after, before = options.before, not_after = options.not_after,
    not_before = options.not_before, inside = options.inside, outside = options.outside,
    same = options.same,
    at = options.at, lines = number_option(s, options, "lines", 1),
    prio = number_option(s, options, "prio", -1000000), nest = options.nest,
    overwrite = options.overwrite,
    keep = options.keep and core.hook(options.keep, true), keeper = options.keep,
    name = options.id and s.label .. "/" .. options.id or s.file.base .. ":" .. (s.line or 0),
  }
  s.patterns, s.numbers, s.rule = patterns, numbers, rule
  s.case, s.skip = rule.case, skips(s, options.bad)
  if #patterns == 0 and not options.terms and not options.file and not options.at and
    not s.bad then
    trouble(s, "nothing to look for; write a pattern, terms or file")
  end
  if options.id and (#options.id > NAME_MAX or find(options.id, "%c")) then
    trouble(s, "an id has at most " .. NAME_MAX .. " bytes, and no control is among them", { "id" })
  end
  if options.yes or options.no then
    insert(tests, { statement = s, yes = options.yes, no = options.no })
  end
  named[rule.name] = named[rule.name] or {}
  if options.at and not env.positions then return end
  rule.off = is_off(s, rule.name)
  local index = add(s, rule)
  if not index then return end
  local record = { name = rule.name, label = s.label, verb = s.verb, file = s.file.name,
    line = s.line, why = options.why, off = rule.off, converters = converters_of(rule.sets),
    tested = options.yes ~= nil or options.no ~= nil }
  insert(result.rules, record)
  insert(named[rule.name], { s, record })
  s.number = #result.rules
  if options.terms then add_terms(s, index, options.terms) end
  local name = options.file and table_name(s, options.file, { "file" })
  if name then add_table(s, index, { table = name }, { "file" }) end
end

local function make_verb(file, verb)
  return setmetatable({}, {
    __index = function(_, label)
      return function(argument)
        local name, line = core.where(2)
        need_loading(verb, name, line)
        file.count = file.count + 1
        if type(label) ~= "string" then
          return trouble(statement(verb), "labels are words: " .. verb .. ".person")
        end
        local call = verb .. "." .. label
        state({ file = file, verb = verb, label = label, n = file.count, call = call,
          line = name == file.name and line or nil,
          head = "in " .. sub(call, 1, NAME_MAX + 6) .. "#" .. file.count .. ": " }, argument)
      end
    end,
    __newindex = function(_, label)
      local s = statement(verb .. "." .. tostring(label))
      trouble(s, "write " .. s.call .. " { ... }, without =")
    end,
    __call = function()
      trouble(statement(verb), "the label is missing; write " .. verb .. ".label { ... }")
    end,
  })
end

local QUOTES = { locale = "string", cue = "string", pronoun = "string", conversation = "boolean" }
local PACK = { name = "string", version = "string", locale = "string", postil = "number",
  about = "string",
  license = "string" }

local function quotes(argument)
  local s = statement "quotes"
  local good = check_fields(s, argument, QUOTES) or {}
  s.rule = good
  while true do
    local ok, words, at, field = core.quotes(good)
    if ok then break end
    trouble(s, words, field and { field }, field and good[field], at)
    if not field then break end
    good[field] = nil
  end
  env.quoting = s
end

local function ignore(argument)
  local s = statement "ignore"
  for i, label in ipairs(type(argument) == "table" and argument or { argument }) do
    local way = type(argument) == "table" and { i } or {}
    if type(label) ~= "string" then
      trouble(s, "a label is wanted, not " .. a(type(label)), way)
    else
      local ok, words, at = core.ignore(label)
      if not ok then trouble(s, words, way, label, at) end
      for place in gmatch("|" .. label, "()|") do
        insert(ignored, { s = s, way = way, text = label, at = place - 1 })
      end
    end
  end
  if argument == nil then trouble(s, "a label is wanted") end
end

local function pack(argument)
  local s = statement "pack"
  local good = check_fields(s, argument, PACK)
  if not good then return end
  if good.postil and good.postil > LEVEL then
    trouble(s, "these rules are for language level " .. good.postil .. "; this postil knows " ..
      LEVEL, { "postil" })
  end
  insert(result.packs, good)
end

-- Drops the rules of a name: all that were stated so far, and those that other files state later.
-- What the same file states later takes their place.
local function off(name)
  local s = statement "off"
  if type(name) ~= "string" then
    return trouble(s, "the name of a rule is wanted, not " .. a(type(name)), {})
  end
  core.off(name)
  insert(offs, { s = s, name = name })
  for _, pair in ipairs(named[name] or {}) do pair[1].off, pair[2].off = true, true end
end

env.tests, env.statements, env.pieces, env.ignored = tests, statements, pieces, ignored
env.named, env.offs, env.VERB, env.way_of = named, offs, VERB, way_of
env.make_verb, env.quotes, env.ignore, env.pack, env.off = make_verb, quotes, ignore, pack, off

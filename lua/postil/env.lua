-- env.lua - what a rule file sees: verbs, quotes, ignore, pack, use, off, test, read, each, p and
-- safe basics.
--
-- Runs in the private state of a rule set (lua/state.c), before any rule file, and is trusted.  It
-- is called with the functions of lua/env.c and with p, which holds those of lua/convert.c; it
-- returns handlers for the host: load, library, finish.  A rule file is checked here statement by
-- statement; what is wrong is collected with the way to its place (place.lua), and the file goes
-- on.  The notation verb.label { ... } is that of build files which name their targets by indexing.

local core, p = ...

local assert, error, ipairs, next, pairs, pcall, rawget, rawset, select, setmetatable, tonumber,
  type =
  assert, error, ipairs, next, pairs, pcall, rawget, rawset, select, setmetatable, tonumber, type
local getmetatable, rawequal, tostring, xpcall = getmetatable, rawequal, tostring, xpcall
local unpack = unpack or table.unpack
local byte, find, format, gsub, match, rep, sub =
  string.byte, string.find, string.format, string.gsub, string.match, string.rep, string.sub
local concat, insert, remove, sort = table.concat, table.insert, table.remove, table.sort
local floor, huge, min = math.floor, math.huge, math.min

local VERB = { tag = 0, veto = 1, amend = 2, alias = 3, pin = 4, block = 5 }
local CASE = { letter = 0, exact = 1, fold = 2 }
local LEVEL = 1 -- of the rule language: pack { postil = 1 }

-- Types of options and the verbs that know them (nil: all).
local OPTION = {
  id = { "string" }, terms = { "terms", { tag = 1, veto = 1, pin = 1 } },
  file = { "string", { tag = 1, veto = 1, pin = 1 } },
  after = { "string" }, before = { "string" }, not_after = { "string" }, not_before = { "string" },
  inside = { "string" }, outside = { "string" }, keep = { "function" }, set = { "table" },
  is = { "value" }, prio = { "number" }, nest = { "boolean" }, case = { "string" },
  lines = { "number", { block = 1 } },
  at = { "string", { block = 1 } }, same = { "string", { alias = 1 } },
  overwrite = { "boolean", { amend = 1 } }, why = { "string" },
  yes = { "strings" }, no = { "strings" },
  bad = { "string", { tag = 1, veto = 1, pin = 1 } },
}
-- Fields of a tag that an attribute would hide.
local FIELD = { first = 1, last = 1, label = 1, rule = 1, text = 1, depth = 1, id = 1, parts = 1 }

local FIELDS = concat(core.keys(FIELD), " ")

local result = { errors = {}, packs = {}, rules = {}, notes = {} }
local tests = {}      -- as they stand: { statement=, yes=, no= } and { name=, argument= } of `test`
local files = {}      -- { name=, origin=, source=, broken= }
local statements = {} -- by number in the core
local pieces = {}     -- of a statement that was refused in part: by number, its first pattern
local ignored = {}    -- { s=, at= offset in its string } by number in the core
local quoting         -- the statement quotes { }
local missing = false -- something that was to define labels is not there
local loaded = false  -- texts are tagged: what is said now is an error
local named = {}      -- by name: statements and what the host knows of them, { s, record }
local offs = {}       -- what `off` was asked for: { s=, name= }
local used = {}       -- files that are loaded, by origin
local columns = setmetatable({}, { __mode = "k" }) -- of lists that read made
local checked = setmetatable({}, { __mode = "k" }) -- lists that each made
local positions = true

local NAME_MAX = 64     -- bytes of a label, an attribute's name, a rule's id
local VALUE_MAX = 65536 -- bytes of an attribute's value
local SETS_MAX = 64     -- attributes that a rule sets

-- ---- words for people ---------------------------------------------------------------------------

local function did_you_mean(word, candidates)
  local near = core.nearest(tostring(word), core.keys(candidates))
  return near and " (did you mean '" .. near .. "'?)" or ""
end

local function a(kind)
  return kind == "nil" and kind or (match(kind, "^[aeiou]") and "an " or "a ") .. kind
end

-- ---- errors with the way to their place ---------------------------------------------------------

local WORDS_MAX = 4096 -- bytes of a message
local PATH_MAX = 12 -- steps of a way
local ERRORS_MAX = 100

-- A pattern that is shown must travel; so long ones are no string of the source.
local function short(text)
  return type(text) == "string" and #text <= 65536 and text or nil
end

-- Collects an error.  at: { line=, call=, path=, at=, text=, key= } as place.lua wants them; last:
-- it is the last of its file, and told however many there are.
local function complain(file, at, words)
  if loaded then error(file.name .. ":" .. (at.line or 0) .. ": " .. words, 0) end
  if #result.errors >= ERRORS_MAX and not at.last then return end
  words = gsub(gsub(sub(words, 1, WORDS_MAX), "[%z\1-\31\127]", "?"), "[\192-\255]?[\128-\191]*$",
    function(last)
    return #words > WORDS_MAX and "" or last
  end)
  insert(result.errors, { file = file.name, message = words, line = at.line, call = at.call,
    path = at.path, at = at.at, text = short(at.text), key = at.key })
end

-- Where the file is, "…/rules/news.lua" or shortened by Lua, and what went wrong there.
local function split_message(file, message)
  if type(message) ~= "string" then message = "error object is " .. a(type(message)) end
  local short_name, line, words = match(message, "^(.-):(%d+): (.*)$")
  if not short_name or short_name == "postil.env" then
    local last, near = core.place()
    return last == file.name and near or nil, words or message
  end
  local tail = match(short_name, "^%.%.%.(.*)$")
  if short_name == file.name or tail and sub(file.name, -#tail) == tail then
    return tonumber(line), words
  end
  return nil, message
end

-- Something is wrong with a statement { file=, call=, line=, head= }.  where: the name of an option
-- (that name is the place), or a way { "set", "is" } to a value (key: to its name) in the argument
-- of the call (argument: in that one); nil: the place is what is called.  text: the string at that
-- place, `at` an offset in it.
local function trouble(s, words, where, text, at)
  local path
  if type(where) == "table" then
    path = { where.argument or 1 }
    for i = 1, min(#where, PATH_MAX) do path[i + 1] = where[i] end
  elseif where then
    path = { 1, where }
  end
  complain(s.file, { line = s.line, call = s.line and s.call, path = path, at = at, text = text,
    key = type(where) ~= "table" or where.key }, s.head .. words)
  s.bad = true
end

-- Rules are made while a file is loaded, not by the functions in it later.
local function need_loading(what, name, line)
  if not loaded then return end
  error((name and name .. ":" .. line .. ": " or "") .. what ..
    ": rules cannot be made while a text is tagged", 0)
end

-- The statement in which the function that asks was called by a rule file.
local function statement(call)
  local name, line = core.where(3)
  need_loading(call, name, line)
  for i = #files, 1, -1 do
    if files[i].name == name then
      return { file = files[i], call = call, line = line, head = call .. ": " }
    end
  end
  return { file = files[#files], call = call, head = call .. ": " }
end

-- ---- options ------------------------------------------------------------------------------------

local function is_name(name)
  return type(name) == "string" and #name <= NAME_MAX and match(name, "^%l[%l%d_]*$") ~= nil
end

-- What is wrong with a value that an attribute is to have, or nil.
local function bad_value(value)
  if type(value) == "string" and #value > VALUE_MAX then
    return "has more than " .. VALUE_MAX .. " bytes"
  elseif type(value) == "number" and (value ~= value or value == huge or value == -huge) then
    return "is a number that is infinite or none"
  end
end

local function is_type(value, wanted)
  local kind = type(value)
  if wanted == "value" then
    return kind == "string" or kind == "number" or kind == "boolean" or kind == "function" or
      kind == "table"
  elseif wanted == "terms" then
    return kind == "string" or kind == "table"
  elseif wanted == "strings" then
    if kind == "string" then return true end
    if kind ~= "table" then return false end
    for _, text in ipairs(value) do
      if type(text) ~= "string" then return false end
    end
    return true
  end
  return kind == wanted
end

local WANTED = { value = "string, number, boolean, map or function", terms = "list of terms",
  strings = "string or list of strings" }

-- How many values a list has before its first gap; of one with gaps # differs between the Luas.
local function count_of(list)
  local n = 0
  while rawget(list, n + 1) ~= nil do n = n + 1 end
  return n
end

-- Checks the options of a statement; false keys are complained about and dropped.
local function check_options(s, options)
  local good, count = {}, count_of(options)
  for _, key in ipairs(core.keys(options)) do
    local value, option = options[key], OPTION[key]
    if type(key) == "number" then
      if key ~= floor(key) or key < 1 or key > count then
        trouble(s, "a pattern under number " .. key ..
          "; patterns count from 1, without a gap", key)
      end
    elseif type(key) ~= "string" then
      trouble(s, "options have names", key)
    elseif not option then
      trouble(s, "unknown option '" .. key .. "'" .. did_you_mean(key, OPTION) ..
        "; attributes go in set = { " .. key .. " = ... }", key)
    elseif option[2] and not option[2][s.verb] then
      trouble(s, "option '" .. key .. "' is not for " .. s.verb .. "; it belongs to " ..
        concat(core.keys(option[2]), ", "), key)
    elseif not is_type(value, option[1]) then
      trouble(s, "option '" .. key .. "' must be " .. a(WANTED[option[1]] or option[1]) ..
        ", not " .. a(type(value)),
        key)
    else
      good[key] = value
    end
  end
  return good
end

-- The patterns, and the number of each in its statement.
local function patterns_of(s, options)
  local list, numbers = {}, {}
  for i = 1, count_of(options) do
    local pattern = options[i]
    if type(pattern) == "string" then
      insert(list, pattern)
      insert(numbers, i)
    else
      trouble(s, "pattern " .. i .. " is " .. a(type(pattern)) .. ", not a string", { i })
    end
  end
  return list, numbers
end

-- The way to an attribute that a statement sets; of_is: by is = ... beside the patterns.
local function way_to(name, of_is, key)
  return of_is and { "is", key } or { "set", name, key }
end

-- set = { from = "capture", map = { ... } }
local function map_setting(s, name, value, of_is)
  local size, fine = 0, true
  local from, map = rawget(value, "from"), rawget(value, "map")
  local function wrong(words, key, of_key)
    local way = way_to(name, of_is, key)
    way.key = of_key
    trouble(s, (of_is and "" or "set.") .. name .. " " .. words, way)
    fine = false
  end
  for _, key in ipairs(core.keys(value)) do
    if key ~= "from" and key ~= "map" then
      wrong("knows from and map, not '" .. tostring(key) .. "'" ..
        did_you_mean(key, { from = 1, map = 1 }), key, true)
    end
  end
  if not fine then return nil end
  if from == nil then
    wrong("needs from = a capture's name")
  elseif not is_name(from) then
    wrong("takes the name of a capture as from", "from")
  end
  if type(map) ~= "table" then
    wrong("needs map = a table", map ~= nil and "map" or nil)
    return nil
  end
  for _, key in ipairs(core.keys(map)) do
    local kind, flaw = type(map[key]), bad_value(map[key])
    size = size + 1
    if type(key) ~= "string" then wrong("maps texts, not " .. a(type(key)), "map") end
    if kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
      wrong("maps '" .. tostring(key) .. "' to " .. a(kind), "map")
    elseif flaw then
      wrong("maps '" .. tostring(key) .. "' to a value that " .. flaw, "map")
    end
  end
  return fine and { name = name, kind = "map", from = from, map = map, size = size,
    of_is = of_is } or nil
end

-- How an attribute gets its value, for the core.
local function setting(s, name, value, of_is)
  local kind = type(value)
  if type(name) == "string" and #name > NAME_MAX then
    trouble(s, "the name of an attribute has at most " .. NAME_MAX .. " letters",
      { "set", name, key = true })
  elseif not is_name(name) then
    trouble(s, "'" .. tostring(name) ..
      "' is no name of an attribute; names are lower case: a-z, 0-9, _",
      { "set", name, key = true })
  elseif FIELD[name] then
    trouble(s, "an attribute cannot be called '" .. name .. "'; every tag has a field of that name",
      { "set", name, key = true })
  elseif kind == "function" then
    return { name = name, kind = "hook", hook = core.hook(value), of = value }
  elseif kind == "table" then
    return map_setting(s, name, value, of_is)
  elseif bad_value(value) then
    trouble(s, (of_is and "" or "set.") .. name .. " has a value that " .. bad_value(value),
      way_to(name, of_is))
  elseif kind == "string" and find(value, "%$%l") then
    return { name = name, kind = "template", value = value, of_is = of_is }
  else -- a string, number or boolean: rule files have no other values
    return { name = name, kind = "value", value = value }
  end
end

local SET_ORDER = { "value", "map", "template", "hook" }

-- Constants first and functions last, so that functions see what the others set; `is` after all.
local function settings_of(s, options)
  local list, by_kind = {}, {}
  for _, kind in ipairs(SET_ORDER) do by_kind[kind] = {} end
  local is
  if options.is ~= nil then is = setting(s, "is", options.is, true) end
  for _, name in ipairs(core.keys(options.set or {})) do
    local entry = setting(s, name, options.set[name])
    if name == "is" then is = entry
    elseif entry then insert(by_kind[entry.kind], entry) end
  end
  for _, kind in ipairs(SET_ORDER) do
    for _, entry in ipairs(by_kind[kind]) do insert(list, entry) end
  end
  if is then insert(list, is) end
  if #list > SETS_MAX then
    trouble(s, "a rule sets at most " .. SETS_MAX .. " attributes", options.set and "set" or nil)
    return {}
  end
  return list
end

-- ---- terms --------------------------------------------------------------------------------------

local ATTRIBUTES_MAX = 64 -- of a term

-- Checks one entry, that is no text alone, that a rule author wrote by hand.
local function check_entry(s, i, entry)
  local fine = true
  local function wrong(words, way)
    trouble(s, "entry " .. i .. " of terms " .. words, way)
    fine = false
  end
  if type(entry) ~= "table" then
    wrong("is " .. a(type(entry)) .. ", not a term", { "terms", i })
    return false
  end
  if entry[1] == nil then wrong("has no term", { "terms", i }) end
  local keys = core.keys(entry)
  if #keys - #entry > ATTRIBUTES_MAX then
    wrong("sets more than " .. ATTRIBUTES_MAX .. " attributes", { "terms", i })
  end
  for _, key in ipairs(keys) do
    local kind = type(entry[key])
    if type(key) == "string" and (not is_name(key) or FIELD[key]) then
      wrong("sets '" .. key .. "', which is no name of an attribute",
        { "terms", i, key, key = true })
    elseif type(key) == "number" and kind ~= "string" then
      wrong("holds " .. a(kind) .. ", not a term", { "terms", i, key })
    elseif kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
      wrong("sets '" .. tostring(key) .. "' to " .. a(kind), { "terms", i, key })
    elseif type(key) == "string" and bad_value(entry[key]) then
      wrong("sets '" .. key .. "' to a value that " .. bad_value(entry[key]), { "terms", i, key })
    end
  end
  return fine
end

-- Those that `each` made are fine.
local function check_terms(s, list)
  local fine = true
  for i = 1, checked[list] and 0 or #list do
    local entry = list[i]
    fine = (type(entry) == "string" or check_entry(s, i, entry)) and fine
  end
  return fine
end

-- The name of a table, of a statement that names it there; or nil.
local function table_name(s, name, where)
  if match(name, "^[%w_][%w_%.%-]*$") and not find(name, "..", 1, true) then return name end
  trouble(s, "'" .. name .. "' is no name of a table; write the name of a .tsv, .csv or .jsonl " ..
    "file without a folder", where, name)
end

-- The core has found a table's columns to be others than `each` was told.
local function blame_each(from, words)
  local s, column = from.statement, match(words, "no column '(.-)'")
  for argument, list in ipairs { "table", from.recipe, from.where or {} } do
    for _, key in ipairs(column and argument > 1 and core.keys(list) or {}) do
      local first = find(list[key], "$" .. column, 1, true)
      if argument == 2 and first then
        return trouble(s, words, { key, argument = 2 }, list[key], first)
      elseif argument == 3 and key == column then
        return trouble(s, words, { key, argument = 3, key = true })
      end
    end
  end
  trouble(s, words, {})
end

-- Adds the terms of a table with an optional recipe; where: the option that names it.  What is
-- wrong with its rows is told one by one.
local function add_table(s, index, from, where)
  local ran, ok, words = pcall(core.table, index, from.table, s.file.origin, from.recipe,
    from.where, s.skip, s.case, FIELDS)
  if ran and ok then return words and insert(result.notes, words) end
  for _, row in ipairs(ran and words or { ok }) do
    if from.statement and (not ran or find(row, "there is no column", 1, true)) then
      blame_each(from, row)
    else
      trouble(s, row, where)
    end
  end
end

-- Adds a list of terms.
local function add_terms(s, index, terms)
  if type(terms) == "string" then terms = { terms } end
  if type(rawget(terms, "table")) == "string" then
    return add_table(s, index, terms, { "terms" })
  end
  if not check_terms(s, terms) then return end
  local from = 1
  while from and #result.errors < ERRORS_MAX do
    local ok, words, at, field, n = core.terms(index, terms, from)
    if ok then return end
    if not field then return trouble(s, words, "terms") end
    local way, entry = { "terms", n + 1 }, terms[n + 1]
    if type(entry) == "table" then way[3], entry = 1, entry[1] end
    trouble(s, words, way, entry, at)
    from = n + 2
  end
end

-- ---- statements ---------------------------------------------------------------------------------

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
    if #result.errors >= ERRORS_MAX then return nil end
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

-- verb.label(argument)
local function state(s, argument)
  if #result.errors >= ERRORS_MAX then return end
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
  if options.at and not positions then return end
  rule.off = is_off(s, rule.name)
  local index = add(s, rule)
  if not index then return end
  local record = { name = rule.name, label = s.label, verb = s.verb, file = s.file.name,
    line = s.line, why = options.why, off = rule.off,
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

-- Statements that are not verbs: fields with their types, words about what is wrong.  The fields
-- that are fine, or nil.
local function check_fields(s, argument, fields)
  if type(argument) ~= "table" then
    trouble(s, "{ ... } is wanted, not " .. a(type(argument)), {})
    return nil
  end
  local good = {}
  for _, key in ipairs(core.keys(argument)) do
    local wanted = fields[key]
    if not wanted then
      trouble(s, "unknown field '" .. tostring(key) .. "'" .. did_you_mean(key, fields),
        type(key) == "number" and { key } or key)
    elseif type(argument[key]) ~= wanted then
      trouble(s, "'" .. key .. "' must be " .. a(wanted) .. ", not " .. a(type(argument[key])),
        { key })
    elseif wanted == "string" and #argument[key] > WORDS_MAX then
      trouble(s, "'" .. key .. "' has more than " .. WORDS_MAX .. " bytes", { key })
    else
      good[key] = argument[key]
    end
  end
  return good
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
  quoting = s
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
      for place in string.gmatch("|" .. label, "()|") do
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

-- ---- tables of data -----------------------------------------------------------------------------

-- The rows of a table; none after an error.
local function read(s, name)
  if type(name) ~= "string" then
    trouble(s, "the name of a table is wanted, not " .. a(type(name)), {})
    return {}
  end
  local plain = table_name(s, name, {})
  if not plain then return {} end
  local ran, rows, head = pcall(core.rows, plain, s.file.origin)
  if not ran then
    trouble(s, rows, {}, name)
    return {}
  end
  columns[rows] = head
  return rows
end

-- A template with $columns as a list: text, column, text, ...; where: the way to it.
local function parts_of(s, template, known, where)
  local parts, at = {}, 1
  while true do
    local first, last, name = find(template, "%$([%w_]+)", at)
    insert(parts, sub(template, at, (first or 0) - 1))
    if not first then
      if #parts == 3 and parts[1] == "" and parts[3] == "" then parts.column = parts[2] end
      return parts
    end
    if known and not known[name] then
      trouble(s, "there is no column '" .. name .. "'" .. did_you_mean(name, known), where,
        template, first)
    end
    insert(parts, name)
    at = last + 1
  end
end

local function fill(parts, row)
  if parts.column then return row[parts.column] end -- "$column" and no more
  local filled = {}
  for i, part in ipairs(parts) do filled[i] = i % 2 == 1 and part or row[part] or "" end
  local text = concat(filled)
  return text ~= "" and text or nil
end

local function check_recipe(s, recipe)
  if type(recipe) ~= "table" or recipe[1] == nil then
    return trouble(s, "each(read \"table\", { \"$column\", ... }) is the way to write it",
      { argument = 2 })
  end
  for _, key in ipairs(core.keys(recipe)) do
    local where = { key, argument = 2 }
    if type(recipe[key]) ~= "string" then
      trouble(s, "templates are strings like \"$column\"", where)
    end
    if type(key) ~= "number" and (not is_name(key) or FIELD[key]) then
      trouble(s, "'" .. tostring(key) .. "' is no name of an attribute",
        { key, argument = 2, key = true })
    end
  end
end

local function check_filter(s, where, rows)
  if type(where) ~= "table" then
    return trouble(s, "a filter is { column = \"value|value\" }", { argument = 3 })
  end
  for _, key in ipairs(core.keys(where)) do
    if type(key) ~= "string" or type(where[key]) ~= "string" then
      trouble(s, "a filter is { column = \"value|value\" }", { key, argument = 3 })
    end
  end
  if type(rows) ~= "string" then
    trouble(s, "a filter goes with the name of a table", { argument = 3 })
  end
end

-- The entry of terms that a row makes; nil: the row has no term.
local function entry_of(row, terms, attrs)
  local entry, n = {}, 0
  for i = 1, #terms do
    local text = fill(terms[i], row)
    if text then
      n = n + 1
      entry[n] = text
    end
  end
  for i = 1, #attrs do entry[attrs[i][1]] = fill(attrs[i][2], row) end
  return n > 0 and entry or nil
end

-- Entries of terms from rows; from the name of a table it is the core that reads it, without a Lua
-- value a row, and takes the rows whose columns hold one of the values that `where` lists.
local function each(rows, recipe, where)
  local s = statement "each"
  local terms, attrs, list = {}, {}, {}
  checked[list] = true
  check_recipe(s, recipe)
  if where ~= nil then check_filter(s, where, rows) end
  if type(rows) ~= "table" and type(rows) ~= "string" then
    trouble(s, "rows are wanted, as read gives them", {})
  end
  if s.bad then return list end
  if type(rows) == "string" then
    local name = table_name(s, rows, {})
    return name and { table = name, recipe = recipe, where = where, statement = s } or list
  end
  local known = columns[rows]
  for i, template in ipairs(recipe) do
    terms[i] = parts_of(s, template, known, { i, argument = 2 })
  end
  for _, key in ipairs(core.keys(recipe)) do
    if type(key) == "string" then
      insert(attrs, { key, parts_of(s, recipe[key], known, { key, argument = 2 }) })
    end
  end
  for _, row in ipairs(s.bad and {} or rows) do list[#list + 1] = entry_of(row, terms, attrs) end
  return list
end

-- ---- safe basics --------------------------------------------------------------------------------

local TEXT_MAX = 1048576  -- bytes that string.rep and table.concat make
local LIST_MAX = 1000000  -- elements that a function of table takes

local function safe_tostring(value)
  local kind = type(value)
  -- Whole numbers have no ".0", in no Lua.
  if kind == "number" then
    return value == floor(value) and format("%.14g", value) or tostring(value)
  end
  if kind ~= "table" and kind ~= "function" and kind ~= "userdata" and kind ~= "thread" then
    return tostring(value)
  end
  local meta = kind == "table" and getmetatable(value)
  if meta and type(meta) == "table" and rawget(meta, "__tostring") then
    local text = meta.__tostring(value)
    if type(text) ~= "string" then error("'__tostring' must return a string", 2) end
    return text
  end
  return kind -- not its address: a result must not depend on it
end

-- Counted, for near the end of its stack LuaJIT calls no hook: errors that are caught there again
-- and again would never end.
local function safe_pcall(f, ...)
  core.spend(20)
  return pcall(f, ...)
end

-- The handler runs after the error, not inside it: there Lua has its hooks switched off.
local function safe_xpcall(f, handler, ...)
  local function after(ok, ...)
    if ok then return true, ... end
    return false, handler((...))
  end
  return after(safe_pcall(f, ...))
end

local FORBIDDEN = { __gc = 1, __close = 1, __len = 1, __mode = 1, __metatable = 1, __pairs = 1,
  __name = 1 }

-- The metatable is copied: what is added to it later has no effect.
local function safe_setmetatable(object, meta)
  if type(object) ~= "table" then error("setmetatable: a table is wanted", 2) end
  if meta == nil then return setmetatable(object, nil) end
  if type(meta) ~= "table" then error("setmetatable: a table or nil is wanted", 2) end
  local copy = {}
  for key, value in next, meta do
    if FORBIDDEN[key] then error("setmetatable: " .. key .. " is not allowed in a rule file", 2) end
    copy[key] = value
  end
  return setmetatable(object, copy)
end

local function safe_pairs(t)
  if type(t) ~= "table" then error("pairs: a table is wanted, not " .. a(type(t)), 2) end
  local keys, i = core.keys(t), 0
  return function()
    while true do
      i = i + 1
      local key = keys[i]
      if key == nil then return nil end
      local value = rawget(t, key)
      if value ~= nil then return key, value end
    end
  end, t, nil
end

local function safe_next(t, key)
  if type(t) ~= "table" then error("next: a table is wanted, not " .. a(type(t)), 2) end
  if next(t) == nil then return nil end
  local keys = core.keys(t)
  if key == nil then return keys[1], rawget(t, keys[1]) end
  for i = 1, #keys - 1 do
    if keys[i] == key then return keys[i + 1], rawget(t, keys[i + 1]) end
  end
  return nil
end

local function safe_ipairs(t)
  if type(t) ~= "table" then error("ipairs: a table is wanted, not " .. a(type(t)), 2) end
  return function(list, i)
    local value = list[i + 1]
    if value ~= nil then return i + 1, value end
  end, t, 0
end

local function safe_rep(text, n, separator)
  text, separator = tostring(text), separator or ""
  if type(n) ~= "number" then error("string.rep: a number is wanted", 2) end
  if n < 1 then return "" end
  n = floor(n)
  if n ~= n or (#text + #separator) * n > TEXT_MAX then
    error("string.rep: more than a megabyte", 2)
  end
  core.spend((#text + #separator) * n / 64)
  if separator == "" then return rep(text, n) end
  return rep(text .. separator, n - 1) .. text
end

local function safe_format(template, ...)
  local n, values = select("#", ...), { ... }
  if type(template) ~= "string" then error("string.format: a string is wanted", 2) end
  if find(gsub(template, "%%%%", ""), "%%[^%a]*p") then
    error("string.format: %p is not allowed", 2)
  end
  for i = 1, n do
    local kind = type(values[i])
    if kind ~= "number" and kind ~= "string" then values[i] = safe_tostring(values[i]) end
  end
  return format(template, unpack(values, 1, n))
end

local function length(what, t)
  if type(t) ~= "table" then
    error("table." .. what .. ": a table is wanted, not " .. a(type(t)), 3)
  end
  return #t
end

local function safe_concat(list, separator, first, last)
  first, last = first or 1, last or length("concat", list)
  separator = separator or ""
  if last - first >= LIST_MAX then error("table.concat: more than a million elements", 2) end
  local size = 0
  for i = first, last do
    local kind = type(list[i])
    if kind ~= "string" and kind ~= "number" then
      error("table.concat: element " .. i .. " is " .. a(kind), 2)
    end
    size = size + (kind == "string" and #list[i] or 24) + #separator
    if size > TEXT_MAX then error("table.concat: more than a megabyte", 2) end
  end
  return concat(list, separator, first, last)
end

local function safe_insert(list, ...)
  local n, count = length("insert", list), select("#", ...)
  if count == 1 then
    list[n + 1] = (...)
    return
  elseif count ~= 2 then
    error("table.insert: wrong number of arguments", 2)
  end
  local at, value = ...
  if type(at) ~= "number" or at < 1 or at > n + 1 or at ~= floor(at) then
    error("table.insert: position out of bounds", 2)
  end
  core.spend(n - at + 1)
  insert(list, at, value)
end

local function safe_remove(list, at)
  local n = length("remove", list)
  if at == nil then at = n end
  if n == 0 then return nil end
  if type(at) ~= "number" or at < 1 or at > n or at ~= floor(at) then
    error("table.remove: position out of bounds", 2)
  end
  core.spend(n - at + 1)
  return remove(list, at)
end

local function in_order(x, y)
  if type(x) == "string" and type(y) == "string" then return core.less(x, y) end
  return x < y
end

local function safe_sort(list, before)
  local n = length("sort", list)
  if n > LIST_MAX then error("table.sort: more than a million elements", 2) end
  core.spend(n * 8)
  sort(list, before or in_order)
end

local function safe_unpack(list, first, last)
  first, last = first or 1, last or length("unpack", list)
  if last - first >= 200 then error("unpack: more than 200 values", 2) end
  return unpack(list, first, last)
end

-- Strings find their methods in this very table, so it is the one that is bounded.
local function bound_strings()
  local keep = { byte = byte, char = string.char, find = find, format = safe_format,
    gmatch = string.gmatch,
    gsub = gsub, len = string.len, lower = string.lower, match = match, rep = safe_rep,
    reverse = string.reverse, sub = sub, upper = string.upper }
  for key in pairs(string) do rawset(string, key, nil) end
  for key, value in pairs(keep) do rawset(string, key, value) end
end
bound_strings()

local SAFE = {
  assert = assert, error = error, ipairs = safe_ipairs, next = safe_next, pairs = safe_pairs,
  pcall = safe_pcall, rawequal = rawequal, rawget = rawget, rawset = rawset, select = select,
  setmetatable = safe_setmetatable, tonumber = tonumber, tostring = safe_tostring, type = type,
  unpack = safe_unpack, xpcall = safe_xpcall,
}
local SAFE_TABLE = { concat = safe_concat, insert = safe_insert, remove = safe_remove,
  sort = safe_sort,
  unpack = safe_unpack }
local SAFE_MATH = { abs = math.abs, ceil = math.ceil, floor = math.floor, fmod = math.fmod,
  huge = math.huge,
  max = math.max, min = math.min, modf = math.modf, pi = math.pi, sqrt = math.sqrt }

local function copy_of(t)
  local copy = {}
  for key, value in pairs(t) do copy[key] = value end
  return copy
end

-- ---- files --------------------------------------------------------------------------------------

local load_file
local USE_COST = 20000 -- instructions that looking for a pack counts as

local function use(s, name)
  if type(name) ~= "string" then
    return trouble(s, "the name of a pack is wanted, not " .. a(type(name)), {})
  end
  -- "news", or a part of a pack: "news/person"
  if not match("/" .. name, "^/[%w_][%w_%-/]*$") or match(name, "//") or match(name, "/$") then
    return trouble(s, "'" .. name .. "' is no name of a pack", {}, name)
  end
  core.spend(USE_COST)
  local source, shown, origin = core.fetch("pack", name, s.file.origin)
  if not source then
    missing = true
    return trouble(s, shown or "there is no pack " .. name, {}, name)
  end
  core.spend(floor(#source / 16))
  if used[origin] then return end
  used[origin] = true
  load_file(source, shown, origin)
end

local function environment(file)
  local env = copy_of(SAFE)
  env._G, env._VERSION = env, _VERSION
  env.string, env.table, env.math = copy_of(string), copy_of(SAFE_TABLE), copy_of(SAFE_MATH)
  env.p = copy_of(p)
  for name, value in pairs(p) do
    if type(value) == "table" then env.p[name] = copy_of(value) end
  end
  setmetatable(env.p, { __index = function(_, name)
    error("p has no '" .. tostring(name) .. "'" .. did_you_mean(name, p), 2)
  end })
  for verb in pairs(VERB) do env[verb] = make_verb(file, verb) end
  env.quotes, env.ignore, env.pack, env.off, env.each = quotes, ignore, pack, off, each
  function env.read(name)
    local s = statement "read"
    return read(s, name), nil
  end
  function env.use(name)
    local s = statement "use"
    use(s, name)
  end
  function env.test(name)
    local s = statement "test"
    if type(name) ~= "string" then trouble(s, "a name is wanted: test \"name\" { ... }", {}) end
    return function(argument)
      if type(argument) ~= "table" then
        trouble(s, "{ ... } is wanted behind the name, not " .. a(type(argument)), { argument = 2 })
      elseif not s.bad then
        insert(tests, { name = name, file = s.file, line = s.line, argument = argument })
      end
    end
  end
  file.globals = env
  return env
end

-- What Lua says of a nil that was to be a verb or a function: the one that was meant.
local function meant(file, words)
  local name = match(words, "global '([^']+)'")
  if not name or not find(words, "nil value", 1, true) then return words end
  return words .. did_you_mean(name, file.globals)
end

-- Something ended a rule file before its end.
local function break_off(file, words)
  local line, rest = split_message(file, words)
  file.broken = true
  complain(file, { line = line, last = true }, meant(file, rest))
end

-- Runs a rule file; what goes wrong is collected.
function load_file(source, name, origin)
  local file = { name = name, base = match(name, "[^/\\]+$") or name, origin = origin,
    source = source, count = 0 }
  insert(files, file)
  if sub(source, 1, 3) == "\239\187\191" then source = sub(source, 4) end
  local run, words = core.compile(source, name, environment(file))
  local ok = run ~= nil
  if not ok and not split_message(file, words) then words = name .. ":1: " .. words end
  if run then ok, words = xpcall(run, core.noted) end
  if not ok then break_off(file, words) end
end

-- ---- handlers -----------------------------------------------------------------------------------

local handlers = {}

-- A trusted file that adds to p.
function handlers.library(source, name)
  local run = assert(core.compile(source, name))
  run(p)
end

-- with_positions: blocks that stand at a place of the text are looked for; helpers: tags of labels
-- that begin with _ are told.
function handlers.load(source, name, origin, with_positions, helpers)
  positions = with_positions
  if helpers then core.helpers() end
  if origin ~= "" then
    if used[origin] then return end
    used[origin] = true
  end
  load_file(source, name, origin)
end

-- A file whose load was ended from outside, by its budget; words: "file:line: words".
function handlers.broken(words, name)
  local file = files[#files]
  for i = #files, 1, -1 do
    if sub(words, 1, #files[i].name + 1) == files[i].name .. ":" then
      file = files[i]
      break
    end
  end
  if not file then
    file = { name = name }
    insert(files, file)
  end
  break_off(file, words)
end

-- Might a label be defined by what could not be read to its end?
local function may_be_defined(label)
  if missing then return true end
  for _, file in ipairs(files) do
    if file.broken and find(file.source or "", "%." .. label .. "%f[^%w_]") then return true end
  end
  return false
end

-- Complains about names of `off` that no rule has.
local function check_offs()
  for _, one in ipairs(offs) do
    local label = match(one.name, "^(_?%l[%l%d_]*)/")
    if not named[one.name] and not (label and may_be_defined(label)) then
      trouble(one.s, "no rule is called '" .. one.name .. "'" .. did_you_mean(one.name, named), {},
        one.name)
    end
  end
end

-- May what is wrong only follow from what was complained about already?
local function follows(s, words)
  local label = match(words, "^nothing defines the label <([%w_]+)>")
  if label then return may_be_defined(label) end
  if s and s.bad and find(words, "^no capture of this rule") then return true end
  label = match(words, "^no rule of <([%w_]+)>")
  for _, other in pairs(label and statements or {}) do
    if other.bad and other.label == label then return true end
  end
  return label and may_be_defined(label)
end

-- Something is wrong with the set as a whole: as core.check tells it.
local function complain_check(s, words, at, field, nth, index)
  local one = field == "ignore" and ignored[nth + 1]
  if s then
    local where, text = way_of(s, field, nth, pieces[index] or 1)
    return trouble(s, words, where, text, at)
  elseif one then
    return trouble(one.s, words, one.way, one.text, one.at)
  end
  trouble(quoting, words, { field }, quoting.rule[field], 0)
end

-- Tells of all that keeps the rules from being sealed, but for what follows from other mistakes.
local function complain_all(words)
  local told = {}
  for _, flaw in ipairs(core.check()) do
    if not follows(statements[flaw[5]], flaw[1]) then insert(told, flaw) end
  end
  for _, flaw in ipairs(told) do complain_check(statements[flaw[5]], unpack(flaw)) end
  if words and #result.errors == 0 then complain(files[#files], {}, words) end
end

-- Seals the rule set, unless something went wrong, and hands over what was collected; lost: some
-- file could not be read.
function handlers.finish(lost)
  missing = missing or lost
  check_offs()
  local sealed, words
  if #result.errors == 0 and not lost then sealed, words = core.seal() end
  if not sealed then
    complain_all(words)
    result.packs, result.rules = {}, {}
  end
  result.errors.n = #result.errors
  loaded = true
  return result
end

-- A trusted file that adds to the handlers, when they are asked for.
function handlers.extend(source, name)
  local run = assert(core.compile(source, name))
  run(handlers, { tests = tests, statements = statements, rules = result.rules, keys = core.keys,
    p = p })
end

-- Options that a finding may quote.
local CONTEXTS = { after = 1, before = 1, not_after = 1, not_before = 1, inside = 1, outside = 1 }

-- Pattern n (from 1) of a statement and the way to it; behind its patterns come those of the
-- contexts that it has.
local function pattern_of(s, n)
  if s.patterns[n] then return s.patterns[n], s.bare and { 1 } or { 1, s.numbers[n] } end
  n = n - #s.patterns
  for _, name in ipairs { "after", "before", "not_after", "not_before" } do
    local context = s.rule[name]
    n = context and n - 1 or n
    if context and n == 0 then return context, { 1, name } end
  end
end

-- Where rules stand: for each { number=, pattern=, at=, option= } of a list (from 1; at: 1) the
-- verb and number of the statement in its file, its line, the pattern, what the option is, and the
-- way to that byte of the pattern as place.lua wants it.
function handlers.places(list)
  local places = {}
  for i, ask in ipairs(list) do
    local s, place = statements[ask.number - 1], {}
    if s then
      local text, path
      if ask.pattern then text, path = pattern_of(s, ask.pattern) end
      place = { verb = s.verb, n = s.n, file = s.file.name, line = s.line, pattern = text,
        option = CONTEXTS[ask.option or ""] and s.rule[ask.option] or nil }
      if text and s.line then
        place.call, place.path, place.text, place.at = s.call, path, short(text), (ask.at or 1) - 1
      end
    end
    places[i] = place
  end
  return places
end

-- What p holds beside the converters and what characters.lua adds.
function p.esc(text)
  if type(text) ~= "string" then error("p.esc: a string is wanted", 2) end
  text = gsub(text, "[%[%]%(%){}|?*+<>\"/!&^$=:\\]", "\\%0")
  return (gsub(text, "%.%.%.", "\\.\\.\\."))
end

return handlers

-- env.lua - what a rule file sees: verbs, quotes, ignore, pack, use, off, test, read, each, p and
-- safe basics.
--
-- Runs in the private state of a rule set (lua/state.c), before any rule file, and is trusted.  It
-- is called with the functions of lua/env.c and with p, which holds those of lua/convert.c; it
-- returns handlers for the host: load, library, finish.  A rule file is checked here statement by
-- statement; what is wrong is collected with its place, and the file goes on.  The notation
-- verb.label { ... } is that of build files which name their targets by indexing.

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
local files = {}      -- by name in messages: { name=, origin=, source= }
local statements = {} -- by number in the core
local named = {}      -- by name: statements and what the host knows of them, { s, record }
local offs = {}       -- what `off` was asked for: { name=, file=, line= }
local used = {}       -- files that are loaded, by origin
local columns = setmetatable({}, { __mode = "k" }) -- of lists that read made
local checked = setmetatable({}, { __mode = "k" }) -- lists that each made
local positions = true
local loading = true  -- rules may be made

local NAME_MAX = 64     -- bytes of a label, an attribute's name, a rule's id
local VALUE_MAX = 65536 -- bytes of an attribute's value
local SETS_MAX = 64     -- attributes that a rule sets

-- ---- words for people ---------------------------------------------------------------------------

-- Letters to insert, drop, change or swap to get from a to b.
local function distance(a, b)
  local before, row = {}, {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local last = row
    row = { [0] = i }
    for j = 1, #b do
      local same = byte(a, i) == byte(b, j)
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and byte(a, i) == byte(b, j - 1) and byte(a, i - 1) == byte(b, j) then
        row[j] = min(row[j], before[j - 2] + 1)
      end
    end
    before = last
  end
  return row[#b]
end

-- The candidate (keys of a table) that is nearest to a word, or nil.
local function nearest(word, candidates)
  if #word > 64 then return nil end
  local best, least = nil, #word < 4 and 2 or 3
  for _, candidate in ipairs(core.keys(candidates)) do
    local d = distance(word, candidate)
    if d < least then best, least = candidate, d end
  end
  return best
end

local function did_you_mean(word, candidates)
  local near = nearest(word, candidates)
  return near and " (did you mean '" .. near .. "'?)" or ""
end

local function a(kind)
  return (match(kind, "^[aeiou]") and "an " or "a ") .. kind
end

-- ---- errors with their place --------------------------------------------------------------------

local starts = {} -- by source: the offsets where its lines begin

local function lines_of(source)
  if starts[source] then return starts[source] end
  local list, n, at = { 1 }, 1, find(source, "\n", 1, true)
  while at do
    n = n + 1
    list[n] = at + 1
    at = find(source, "\n", at + 1, true)
  end
  starts[source] = list
  return list
end

-- Line n of a source and the offset where it begins; nil past the end.
local function line_at(source, n)
  local at = lines_of(source)[n]
  if not at then return nil end
  local stop = find(source, "\n", at, true) or #source + 1
  return sub(source, at, stop - 1), at
end

-- Line and column of offset `at` of a source.
local function place_of(source, at)
  local list = lines_of(source)
  local low, high = 1, #list -- the last line that begins at or before `at`
  while low < high do
    local middle = floor((low + high + 1) / 2)
    if list[middle] <= at then low = middle else high = middle - 1 end
  end
  return low, at - list[low] + 1
end

-- How a text may look in the source besides as it is: as a quoted string.
local function spellings(text)
  local quoted = gsub(text, "\\", "\\\\")
  return { quoted, (gsub(quoted, '"', '\\"')), (gsub(quoted, "'", "\\'")),
    (gsub(text, "\n", "\\n")) }
end

-- Where byte `at` (from 0) of a text stands that the source has at or after a line (and there after
-- what `behind`, a pattern, finds); line, column, or nil.
local function locate(source, line, text, at, behind)
  local _, from = line_at(source, line or 1)
  if not from or text == "" then return nil end
  from = behind and find(source, behind, from) or from
  local found = find(source, text, from, true) -- nearly always, and cheap
  if found then return place_of(source, found + min(at, #text)) end
  local heads, whole = spellings(sub(text, 1, at)), spellings(text)
  for i, spelled in ipairs(whole) do
    found = find(source, spelled, from, true)
    if found then return place_of(source, found + #heads[i]) end
  end
end

-- How many bytes a caret should underline: a tag, a repeat, a word, or one character.
local function width_at(text, column)
  local rest = sub(text, column)
  local found = match(rest, "^<[^<>]*>") or match(rest, "^{[%d,]*}") or match(rest, "^[%w_]+") or
    match(rest, "^[%z\1-\127\194-\244][\128-\191]*") or " "
  return #found
end

local LINE_MAX = 160 -- bytes of a source line that an excerpt shows
local WORDS_MAX = 4096 -- bytes of a message
local ERRORS_MAX = 100

-- The line and a caret below, as two lines.
local function excerpt(source, line, column, width)
  local text = line_at(source, line)
  if not text then return nil end
  text = gsub(text, "\r$", "")
  if #text > LINE_MAX then -- only what surrounds the column
    local first = column > LINE_MAX / 2 and column - LINE_MAX / 2 or 1
    while first < column and find(text, "^[\128-\191]", first) do first = first + 1 end
    text = gsub(sub(text, first, first + LINE_MAX - 1), "[\192-\255]?[\128-\191]*$", "")
    column = column - first + 1
  end
  local head = sub(text, 1, column - 1)
  local under = sub(text, column, column + (width or width_at(text, column)) - 1)
  head = gsub(gsub(head, "[\128-\191]", ""), "[^\t]", " ")
  under = gsub(gsub(under, "[\128-\191]", ""), ".", "^")
  return format("%6d | %s\n       | %s%s", line, gsub(text, "[%z\1-\8\11-\31\127]", "?"), head,
    under == "" and "^" or under)
end

-- Collects an error.  at: { line=, column=, width= }; column may be absent.
local function complain(file, at, words)
  if #result.errors >= ERRORS_MAX then return end
  words = gsub(gsub(sub(words, 1, WORDS_MAX), "[%z\1-\31\127]", "?"), "[\192-\255]?[\128-\191]*$",
    function(last)
    return #words > WORDS_MAX and "" or last
  end)
  local record = { file = file.name, line = at.line, column = at.column, message = words }
  record.text = gsub(file.name, "[%z\1-\31\127]", "?") .. (at.line and ":" .. at.line or "") ..
    ": " .. words
  if at.line and at.column then
    record.excerpt = excerpt(file.source, at.line, at.column, at.width)
  end
  insert(result.errors, record)
end

-- Where the file is, "…/rules/news.lua" or shortened by Lua, and what went wrong there.
local function split_message(file, message)
  if type(message) ~= "string" then message = "error object is " .. a(type(message)) end
  local short, line, words = match(message, "^(.-):(%d+): (.*)$")
  if not short or short == "postil.env" then
    local last, near = core.place()
    return last == file.name and near or nil, words or message
  end
  local tail = match(short, "^%.%.%.(.*)$")
  if short == file.name or tail and sub(file.name, -#tail) == tail then
    return tonumber(line), words
  end
  return nil, message
end

-- ---- options ------------------------------------------------------------------------------------

-- A statement being read: { file=, verb=, label=, line=, n= }.
local function trouble(s, words, text, at)
  local place = { line = s.line }
  if text and s.line then
    place.line, place.column = locate(s.file.source, s.line, text, at or 0)
    if not place.line then place.line = s.line end
  end
  complain(s.file, place, "in " .. s.verb .. "." .. s.label .. "#" .. s.n .. ": " .. words)
  s.bad = true
end

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

-- Rules are made while a file is loaded, not by the functions in it later.
local function need_loading(what)
  if not loading then error(what .. ": rules cannot be made while a text is tagged", 3) end
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

-- Checks the options of a statement; false keys are complained about and dropped.
local function check_options(s, options)
  local good = {}
  for _, key in ipairs(core.keys(options)) do
    local value, option = options[key], OPTION[key]
    if type(key) == "number" then
      if key ~= floor(key) or key < 1 or key > #options then
        trouble(s, "a pattern under number " .. key)
      end
    elseif type(key) ~= "string" then
      trouble(s, "options have names")
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

local function patterns_of(s, options)
  local list = {}
  for i = 1, #options do
    local pattern = options[i]
    if type(pattern) == "string" then insert(list, pattern)
    else trouble(s, "pattern " .. i .. " is " .. a(type(pattern)) .. ", not a string") end
  end
  return list
end

-- set = { from = "capture", map = { ... } }
local function map_setting(s, name, value)
  local size, bad = 0, nil
  local from, map = rawget(value, "from"), rawget(value, "map")
  for _, key in ipairs(core.keys(value)) do
    if key ~= "from" and key ~= "map" then
      bad = "knows from and map, not '" .. tostring(key) .. "'"
    end
  end
  if not is_name(from) then bad = bad or "needs from = a capture's name" end
  if type(map) ~= "table" then bad = bad or "needs map = a table" end
  for _, key in ipairs(bad and {} or core.keys(map)) do
    local kind, wrong = type(map[key]), bad_value(map[key])
    size = size + 1
    if type(key) ~= "string" then bad = "maps texts, not " .. a(type(key)) end
    if kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
      bad = "maps to " .. a(kind)
    elseif wrong then
      bad = "maps to a value that " .. wrong
    end
  end
  if bad then
    trouble(s, "set." .. name .. " " .. bad)
    return nil
  end
  return { name = name, kind = "map", from = from, map = map, size = size }
end

-- How an attribute gets its value, for the core.
local function setting(s, name, value)
  local kind = type(value)
  if not is_name(name) then
    trouble(s, "'" .. tostring(name) ..
      "' is no name of an attribute; names are lower case: a-z, 0-9, _")
  elseif FIELD[name] then
    trouble(s, "an attribute cannot be called '" .. name .. "'; every tag has a field of that name",
      name)
  elseif kind == "function" then
    return { name = name, kind = "hook", hook = core.hook(value), of = value }
  elseif kind == "table" then
    return map_setting(s, name, value)
  elseif bad_value(value) then
    trouble(s, "set." .. name .. " " .. bad_value(value), name)
  elseif kind == "string" and find(value, "%$%l") then
    return { name = name, kind = "template", value = value }
  elseif kind == "string" or kind == "number" or kind == "boolean" then
    return { name = name, kind = "value", value = value }
  else
    trouble(s, "set." .. name .. " is " .. a(kind))
  end
end

local SET_ORDER = { "value", "map", "template", "hook" }

-- Constants first and functions last, so that functions see what the others set; `is` after all.
local function settings_of(s, options)
  local list, by_kind = {}, {}
  for _, kind in ipairs(SET_ORDER) do by_kind[kind] = {} end
  local is
  if options.is ~= nil then is = setting(s, "is", options.is) end
  for _, name in ipairs(core.keys(options.set or {})) do
    local entry = setting(s, name, options.set[name])
    if name == "is" then is = entry
    elseif entry then insert(by_kind[entry.kind], entry) end
  end
  for _, kind in ipairs(SET_ORDER) do
    for _, entry in ipairs(by_kind[kind]) do insert(list, entry) end
  end
  if is then insert(list, is) end
  if #list > SETS_MAX then trouble(s, "a rule sets at most " .. SETS_MAX .. " attributes") end
  return list
end

-- ---- terms --------------------------------------------------------------------------------------

-- Checks entries that a rule author wrote by hand; those that `each` made are fine.
local function check_terms(s, list)
  for i, entry in ipairs(list) do
    if type(entry) == "table" then
      if type(entry[1]) ~= "string" then
        trouble(s, "entry " .. i .. " of terms has no term")
        return false
      end
      for _, key in ipairs(core.keys(entry)) do
        local kind = type(entry[key])
        if type(key) == "string" and (not is_name(key) or FIELD[key]) then
          trouble(s, "'" .. key .. "' is no name of an attribute", key)
          return false
        elseif kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
          trouble(s, "entry " .. i .. " of terms holds " .. a(kind))
          return false
        elseif type(key) == "string" and bad_value(entry[key]) then
          trouble(s, "'" .. key .. "' of entry " .. i .. " of terms " .. bad_value(entry[key]), key)
          return false
        end
      end
    elseif type(entry) ~= "string" then
      trouble(s, "entry " .. i .. " of terms is " .. a(type(entry)) .. ", not a term")
      return false
    end
  end
  return true
end

local function table_name(name)
  if match(name, "^[%w_][%w_%.%-]*$") and not find(name, "..", 1, true) then return name end
  error("'" .. name .. "' is no name of a table; write the name of a .tsv, .csv or .jsonl file " ..
    "without a folder", 0)
end

-- The terms of a table, with an optional recipe; what is wrong with its rows is told one by one.
local function add_table(s, index, terms)
  local ran, ok, words = pcall(core.table, index, terms.table, s.file.origin, terms.recipe,
    terms.where, s.skip, s.case, FIELDS)
  if not ran then return trouble(s, ok) end
  if ok then return words and insert(result.notes, words) end
  for _, row in ipairs(words) do trouble(s, row) end
end

-- Adds a list of terms, or those of a table.
local function add_terms(s, index, terms)
  local ok, words, at, entry
  if type(terms) == "string" then terms = { terms } end
  if type(rawget(terms, "table")) == "string" then
    return add_table(s, index, terms)
  elseif checked[terms] or check_terms(s, terms) then
    ok, words, at, entry = core.terms(index, terms)
    if not ok and entry then
      local text = terms[entry]
      return trouble(s, words, type(text) == "table" and text[1] or text, at)
    end
  else
    return
  end
  if not ok then trouble(s, words) end
end

-- ---- statements ---------------------------------------------------------------------------------

local function case_of(s, name)
  if name ~= nil and not CASE[name] then
    trouble(s, "case is \"letter\", \"exact\" or \"fold\", not '" .. name .. "'" ..
      did_you_mean(name, CASE), name)
  end
  return CASE[name] or 0
end

-- Whether a file other than the statement's has dropped rules of this name.
local function is_off(s, name)
  for _, one in ipairs(offs) do
    if one.name == name and one.file ~= s.file then s.off = true end
  end
  return s.off
end

local function skips(s, bad)
  if bad ~= nil and bad ~= "skip" and bad ~= "refuse" then
    trouble(s, "bad is \"refuse\" or \"skip\", for rows of a table, not '" .. bad .. "'", bad)
  end
  return bad == "skip"
end

-- The words of the core about a pattern or context, with the place in the source.
local function refuse(s, rule, words, at, n)
  local text = n and rule.patterns[n + 1]
  if n and not text then
    for _, context in ipairs { "after", "before", "not_after", "not_before" } do
      n = rule[context] and n - 1 or n
      if rule[context] and n < #rule.patterns then text = rule[context] break end
    end
  end
  trouble(s, words, text, at)
end

-- Options that a refusal may quote.
local CONTEXTS = { after = 1, before = 1, not_after = 1, not_before = 1, inside = 1, outside = 1 }

local function number_option(s, options, name, least)
  local n = options[name]
  if n ~= nil and (n ~= floor(n) or n < least or n > 1000000) then
    trouble(s, "option '" .. name .. "' must be a whole number from " .. least .. " on", name)
    return 0
  end
  return n or 0
end

-- verb.label(argument)
local function state(s, argument)
  s.file.count = s.file.count + 1
  s.n = s.file.count
  if #result.errors >= ERRORS_MAX then return end
  if #s.label > NAME_MAX then
    s.label = sub(s.label, 1, NAME_MAX)
    return trouble(s, "a label has at most " .. NAME_MAX .. " letters")
  elseif not match(s.label, "^_?%l[%l%d_]*$") then
    return trouble(s, "labels are lower case: a-z, 0-9, _", s.label)
  end
  if type(argument) == "string" then argument = { argument } end
  if type(argument) ~= "table" then
    return trouble(s, "a pattern or { ... } is wanted, not " .. a(type(argument)))
  end
  local options = check_options(s, argument)
  local rule = {
    verb = VERB[s.verb], label = s.label, file = s.file.base, line = s.line or 0,
    patterns = patterns_of(s, argument), sets = settings_of(s, options),
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
  if #rule.patterns == 0 and not options.terms and not options.file and not options.at and
    not s.bad then
    trouble(s, "nothing to look for; write a pattern, terms or file")
  end
  if options.id and (#options.id > NAME_MAX or find(options.id, "%c")) then
    trouble(s, "an id has at most " .. NAME_MAX .. " bytes, and no control is among them", "id")
  end
  if options.yes or options.no then
    insert(tests, { statement = s, yes = options.yes, no = options.no })
  end
  named[rule.name] = named[rule.name] or {}
  if s.bad or options.at and not positions then return end
  rule.off = is_off(s, rule.name)
  local index, words, at, n = core.add(rule)
  if not index then return refuse(s, rule, words, at, n) end
  statements[index] = s
  s.rule, s.case, s.skip = rule, rule.case, skips(s, options.bad)
  local record = { name = rule.name, label = s.label, verb = s.verb, file = s.file.name,
    line = s.line, why = options.why, off = rule.off,
    tested = options.yes ~= nil or options.no ~= nil }
  insert(result.rules, record)
  insert(named[rule.name], { s, record })
  s.number = #result.rules
  if options.terms then add_terms(s, index, options.terms) end
  if options.file then add_terms(s, index, { table = table_name(options.file) }) end
end

local function make_verb(file, verb)
  return setmetatable({}, {
    __index = function(_, label)
      return function(argument)
        local name, line = core.where(2)
        need_loading(verb)
        if type(label) ~= "string" then error("labels are words: " .. verb .. ".person", 2) end
        local s = { file = file, verb = verb, label = label,
          line = name == file.name and line or nil }
        state(s, argument)
      end
    end,
    __newindex = function() error("write " .. verb .. ".label { ... }, without =", 2) end,
    __call = function() error("write " .. verb .. ".label { ... }; the label is missing", 2) end,
  })
end

-- Statements that are not verbs: fields with their types, words about what is wrong.
local function check_fields(what, argument, fields)
  need_loading(what)
  if type(argument) ~= "table" then error(what .. " { ... } is wanted", 3) end
  for _, key in ipairs(core.keys(argument)) do
    local wanted = fields[key]
    if not wanted then
      error(what .. " knows no '" .. tostring(key) .. "'" .. did_you_mean(tostring(key), fields), 3)
    elseif type(argument[key]) ~= wanted then
      error(what .. ": '" .. key .. "' must be " .. a(wanted) .. ", not " .. a(type(argument[key])),
        3)
    elseif wanted == "string" and #argument[key] > WORDS_MAX then
      error(what .. ": '" .. key .. "' has more than " .. WORDS_MAX .. " bytes", 3)
    end
  end
end

local QUOTES = { locale = "string", cue = "string", pronoun = "string", conversation = "boolean" }
local PACK = { name = "string", version = "string", locale = "string", postil = "number",
  about = "string",
  license = "string" }

local function quotes(argument)
  check_fields("quotes", argument, QUOTES)
  local copy = {} -- without a metatable, whose strings nothing would hold
  for _, key in ipairs(core.keys(argument)) do copy[key] = argument[key] end
  local ok, words = core.quotes(copy)
  if not ok then error("quotes: " .. words, 2) end
end

local function ignore(argument)
  need_loading "ignore"
  for _, label in ipairs(type(argument) == "table" and argument or { argument }) do
    if type(label) ~= "string" then error("ignore \"label\" is wanted", 2) end
    local ok, words = core.ignore(label)
    if not ok then error("ignore: " .. words, 2) end
  end
end

local function pack(argument)
  check_fields("pack", argument, PACK)
  if argument.postil and argument.postil > LEVEL then
    error("these rules are for language level " .. argument.postil .. "; this postil knows " ..
      LEVEL, 2)
  end
  local copy = {}
  for _, key in ipairs(core.keys(argument)) do copy[key] = argument[key] end
  insert(result.packs, copy)
end

-- Drops the rules of a name: all that were stated so far, and those that other files state later.
-- What the same file states later takes their place.
local function off(name, file, line)
  need_loading "off"
  if type(name) ~= "string" then error("off \"label/id\" is wanted", 3) end
  core.off(name)
  insert(offs, { name = name, file = file, line = line })
  for _, pair in ipairs(named[name] or {}) do pair[1].off, pair[2].off = true, true end
end

-- Complains about names of `off` that no rule has.
local function check_offs()
  for _, one in ipairs(offs) do
    if not named[one.name] then
      local line, column
      if one.line then line, column = locate(one.file.source, one.line, one.name, 0) end
      complain(one.file, { line = line or one.line, column = column, width = #one.name },
        "off: no rule is called '" .. one.name .. "'" .. did_you_mean(one.name, named))
    end
  end
end

-- ---- tables of data -----------------------------------------------------------------------------

local function read(file, name)
  if type(name) ~= "string" then error("read \"table\" is wanted", 3) end
  local ran, rows, head = pcall(core.rows, table_name(name), file.origin)
  if not ran then error(rows, 3) end
  columns[rows] = head
  return rows
end

-- A template with $columns as a list: text, column, text, ...
local function parts_of(template, known)
  local parts, at = {}, 1
  while true do
    local first, last, name = find(template, "%$([%w_]+)", at)
    insert(parts, sub(template, at, (first or 0) - 1))
    if not first then
      if #parts == 3 and parts[1] == "" and parts[3] == "" then parts.column = parts[2] end
      return parts
    end
    if known and not known[name] then
      error("there is no column '" .. name .. "'" .. did_you_mean(name, known), 4)
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

local function check_recipe(recipe)
  if type(recipe) ~= "table" or recipe[1] == nil then
    error("each(read \"table\", { \"$column\", ... }) is wanted", 3)
  end
  for _, key in ipairs(core.keys(recipe)) do
    if type(recipe[key]) ~= "string" then
      error("each: templates are strings like \"$column\"", 3)
    end
    if type(key) ~= "number" and (not is_name(key) or FIELD[key]) then
      error("each: '" .. tostring(key) .. "' is no name of an attribute", 3)
    end
  end
end

local function check_filter(where)
  if type(where) ~= "table" then error("each: a filter is { column = \"value|value\" }", 3) end
  for _, key in ipairs(core.keys(where)) do
    if type(key) ~= "string" or type(where[key]) ~= "string" then
      error("each: a filter is { column = \"value|value\" }", 3)
    end
  end
end

-- Entries of terms from rows; from the name of a table it is the core that reads it, without a Lua
-- value a row, and takes the rows whose columns hold one of the values that `where` lists.
local function each(rows, recipe, where)
  check_recipe(recipe)
  if where ~= nil then
    check_filter(where)
    if type(rows) ~= "string" then error("each: a filter goes with the name of a table", 2) end
  end
  if type(rows) == "string" then
    return { table = table_name(rows), recipe = recipe, where = where }
  end
  if type(rows) ~= "table" then error("each: rows are wanted, as read gives them", 2) end
  local known = columns[rows]
  local terms, attrs, list = {}, {}, {}
  for i, template in ipairs(recipe) do terms[i] = parts_of(template, known) end
  for _, key in ipairs(core.keys(recipe)) do
    if type(key) == "string" then insert(attrs, { key, parts_of(recipe[key], known) }) end
  end
  for _, row in ipairs(rows) do
    local entry, n = {}, 0
    for i = 1, #terms do
      local text = fill(terms[i], row)
      if text then
        n = n + 1
        entry[n] = text
      end
    end
    for i = 1, #attrs do entry[attrs[i][1]] = fill(attrs[i][2], row) end
    if n > 0 then list[#list + 1] = entry end
  end
  checked[list] = true
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

local function use(name, file)
  if type(name) ~= "string" then error("use \"pack\" is wanted", 3) end
  -- "news", or a part of a pack: "news/person"
  if not match("/" .. name, "^/[%w_][%w_%-/]*$") or match(name, "//") or match(name, "/$") then
    error("use: '" .. name .. "' is no name of a pack", 3)
  end
  core.spend(USE_COST)
  local source, shown, origin = core.fetch("pack", name, file.origin)
  if not source then error("use: " .. (shown or "there is no pack " .. name), 3) end
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
  for verb in pairs(VERB) do env[verb] = make_verb(file, verb) end
  env.quotes, env.ignore, env.pack, env.each = quotes, ignore, pack, each
  function env.read(name) return read(file, name), nil end
  function env.use(name) use(name, file) end
  function env.off(name)
    local _, line = core.where(2)
    off(name, file, line)
  end
  function env.test(name)
    if type(name) ~= "string" then error("test \"name\" { ... } is wanted", 2) end
    local _, line = core.where(2)
    return function(argument)
      if type(argument) ~= "table" then error("test \"" .. name .. "\" { ... } is wanted", 2) end
      insert(tests, { name = name, file = file, line = line, argument = argument })
    end
  end
  return env
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
  if ok then return end
  local line, rest = split_message(file, words)
  complain(file, { line = line }, rest)
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

-- An error of the whole set: in the statement that the core names, else where the label that the
-- words name stands.
local function complain_seal(words, index)
  local s = index and statements[index]
  local name = match(words, "'([%$=]?%l[%w_]*)'")
  if s and name then return trouble(s, words, name, 0) end
  local label = match(words, "<(_?%l[%w_]*)[ >]") or match(words,
    ": _?%l[%w_]* %-> (_?%l[%w_]*)") or "?"
  for _, before in ipairs(s and { "<", "|", '"', "'" } or {}) do
    if locate(s.file.source, s.line, before .. label, 0) then
      return trouble(s, words, before .. label, before == "<" and 0 or 1)
    end
  end
  if s then return trouble(s, words) end
  for _, file in ipairs(files) do
    for _, quote in ipairs { '"', "'" } do
      local line, column = locate(file.source, 1, quote .. label .. quote, 1)
      if line then return complain(file, { line = line, column = column }, words) end
    end
  end
  complain(files[#files], {}, words)
end

-- Seals the rule set, unless something went wrong, and hands over what was collected.
function handlers.finish()
  check_offs()
  loading = false
  if #result.errors > 0 then
    result.packs, result.rules = {}, {}
  else
    local ok, words, _, index = core.seal()
    if not ok then complain_seal(words, index) end
  end
  result.errors.n = #result.errors
  return result
end

-- A trusted file that adds to the handlers, when they are asked for.
function handlers.extend(source, name)
  local run = assert(core.compile(source, name))
  run(handlers, { tests = tests, statements = statements, rules = result.rules, locate = locate,
    keys = core.keys, p = p })
end

-- Pattern n (from 1) of a statement; behind its patterns come those of the contexts that it has.
local function pattern_of(s, n)
  if s.rule.patterns[n] then return s.rule.patterns[n] end
  n = n - #s.rule.patterns
  for _, name in ipairs { "after", "before", "not_after", "not_before" } do
    local context = s.rule[name]
    n = context and n - 1 or n
    if context and n == 0 then return context end
  end
end

-- Where rules stand: for each { number=, pattern=, at=, option= } of a list (from 1; at: 1) the
-- verb and number of the statement in its file, the line and column of that byte of the pattern
-- (put together by Lua: the line of the statement, no column), the pattern, and what the option is.
function handlers.places(list)
  local places = {}
  for i, ask in ipairs(list) do
    local s = statements[ask.number - 1]
    if s then
      local text, line, column = ask.pattern and pattern_of(s, ask.pattern), nil, nil
      if text and s.line then
        line, column = locate(s.file.source, s.line, text, (ask.at or 1) - 1)
      end
      places[i] = { verb = s.verb, n = s.n, line = line or s.line, column = line and column,
        pattern = text, option = CONTEXTS[ask.option or ""] and s.rule[ask.option] or nil }
    else
      places[i] = {}
    end
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

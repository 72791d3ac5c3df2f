-- env_options.lua - what stands in the braces of a statement: its options are checked, and what it
-- sets is put as the core wants it.
--
-- A part of what a private state begins with; see env.lua.

local core, _, env = ...

local a, did_you_mean, trouble, WORDS_MAX = env.a, env.did_you_mean, env.trouble, env.WORDS_MAX
local ipairs, rawget, tostring, type = ipairs, rawget, tostring, type
local concat, find, floor, huge, insert, match =
  table.concat, string.find, math.floor, math.huge, table.insert, string.match

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

local NAME_MAX = 64     -- bytes of a label, an attribute's name, a rule's id
local VALUE_MAX = 65536 -- bytes of an attribute's value
local SETS_MAX = 64     -- attributes that a rule sets

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
        trouble(s, "a pattern under number " .. key .. "; patterns count from 1, without a gap",
          key)
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
        ", not " .. a(type(value)), key)
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

env.NAME_MAX, env.FIELD, env.is_name, env.bad_value = NAME_MAX, FIELD, is_name, bad_value
env.check_options, env.check_fields = check_options, check_fields
env.patterns_of, env.settings_of, env.way_to = patterns_of, settings_of, way_to

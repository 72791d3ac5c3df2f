-- env_terms.lua - the terms of a statement on their way to the core: lists that rule authors wrote,
-- and tables.
--
-- A part of what a private state begins with; see env.lua.

local core, _, env = ...

local a, bad_value, FIELD, full, is_name, trouble =
  env.a, env.bad_value, env.FIELD, env.full, env.is_name, env.trouble
local ipairs, pcall, rawget, setmetatable, tostring, type =
  ipairs, pcall, rawget, setmetatable, tostring, type
local concat, find, insert, match = table.concat, string.find, table.insert, string.match

local FIELDS = concat(core.keys(FIELD), " ")
local ATTRIBUTES_MAX = 64 -- of a term

local checked = setmetatable({}, { __mode = "k" }) -- lists that `each` made

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
  if ran and ok then return words and insert(env.result.notes, words) end
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
  while from and not full() do
    local ok, words, at, field, n = core.terms(index, terms, from)
    if ok then return end
    if not field then return trouble(s, words, "terms") end
    local way, entry = { "terms", n + 1 }, terms[n + 1]
    if type(entry) == "table" then way[3], entry = 1, entry[1] end
    trouble(s, words, way, entry, at)
    from = n + 2
  end
end

env.checked, env.table_name, env.add_table, env.add_terms =
  checked, table_name, add_table, add_terms

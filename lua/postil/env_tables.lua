-- env_tables.lua - read and each: rows of tables, and the terms that are made of them.
--
-- A part of what a private state begins with; see env.lua.

local core, _, env = ...

local a, checked, did_you_mean, FIELD, is_name, statement, table_name, trouble =
  env.a, env.checked, env.did_you_mean, env.FIELD, env.is_name, env.statement, env.table_name,
  env.trouble
local ipairs, pcall, setmetatable, tostring, type = ipairs, pcall, setmetatable, tostring, type
local concat, find, insert, sub = table.concat, string.find, table.insert, string.sub

local columns = setmetatable({}, { __mode = "k" }) -- of lists that read made

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

env.read, env.each = read, each

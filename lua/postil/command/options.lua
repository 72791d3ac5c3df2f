-- options.lua - the command's options: reads them, refuses what it does not know, with a guess.
--
--   options.read(arguments, { rules = true, to = { "lines", "jsonl" }, ... })
--     -> values, files | nil, words
--
-- `allowed` names the options of a command; a list says which values this command takes.

local nearest = require "postil.core".nearest

local M = {}

-- How each option is written.  take: it has a value; many: every value counts, in order.
local KNOWN = {
  rules = { take = true, many = true }, e = { take = true, many = true },
  to = { take = true }, from = { take = true }, label = { take = true }, date = { take = true },
  color = { take = true }, columns = { take = true }, form = { take = true },
  speaker = { take = true }, gold = { take = true, many = true }, all = {}, sidecar = {},
  clean = {}, fix = {}, watch = {}, poll = {}, list = {}, remove = {}, show = {}, help = {},
  version = {}, legend = {}, paging = { take = true },
}
local SHORT = { h = "help", e = "e" }

-- The word of a list that `word` was most likely meant to be, or nil.
M.guess = nearest

local function sorted_keys(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys)
  return keys
end

local function unknown(name, allowed)
  if KNOWN[name] then return "this command has no option --" .. name end
  local long = {}
  for _, key in ipairs(sorted_keys(allowed)) do if #key > 1 then long[#long + 1] = key end end
  local guess = M.guess(name, long)
  return "unknown option --" .. name .. (guess and " (did you mean --" .. guess .. "?)" or "")
end

local function one_of(dashed, value, list)
  for _, word in ipairs(list) do if word == value then return true end end
  local guess = M.guess(value, list)
  return nil, ("%s %s: must be %s%s"):format(dashed, value, table.concat(list, ", "),
    guess and " (did you mean " .. guess .. "?)" or "")
end

local function put(values, name, value, allowed)
  local dashed = (#name > 1 and "--" or "-") .. name
  if type(allowed[name]) == "table" then
    local ok, words = one_of(dashed, value, allowed[name])
    if not ok then return nil, words end
  end
  if KNOWN[name].many then
    values[name] = values[name] or {}
    table.insert(values[name], value)
  else
    values[name] = value
  end
  return true
end

-- Splits an argument into option and value; nil: it is a file.
local function split(argument)
  if argument:sub(1, 2) == "--" then
    local name, value = argument:match "^%-%-([^=]+)=(.*)$"
    return name or argument:sub(3), value
  end
  local letter, rest = argument:match "^%-(.)(.*)$"
  if not letter or argument:find "^%-:%d" then return nil end -- a place in standard input is a file
  return SHORT[letter] or letter, rest ~= "" and rest or nil
end

function M.read(arguments, allowed)
  local values, files, i = {}, {}, 1
  while arguments[i] do
    local argument = arguments[i]
    i = i + 1
    if argument == "--" then
      for k = i, #arguments do files[#files + 1] = arguments[k] end
      break
    end
    local name, value = split(argument)
    if not name then
      files[#files + 1] = argument
    else
      local option = KNOWN[name]
      if not option or not allowed[name] then
        if #name == 1 then return nil, "unknown option -" .. name end
        return nil, unknown(name, allowed)
      end
      if option.take and not value then
        value, i = arguments[i], i + 1
        if not value then return nil, argument .. " needs a value" end
      elseif value and not option.take then
        return nil, argument:match "^[^=]*" .. " takes no value"
      end
      local ok, words = put(values, name, option.take and value or true, allowed)
      if not ok then return nil, words end
    end
  end
  return values, files
end

-- Whether the options of `trust` go with its files; nil and words: not so.
function M.trust_files(values, files)
  if (values.list and 1 or 0) + (values.remove and 1 or 0) + (values.show and 1 or 0) > 1 then
    return nil, "only one of --list, --remove and --show"
  elseif values.list and #files > 0 then
    return nil, "--list takes no file"
  elseif not values.list and #files == 0 then
    return nil, "trust needs a rule file"
  end
  return true
end

-- "person,org" as a set.
function M.labels(list)
  if not list then return nil end
  local set = {}
  for label in list:gmatch "[^,%s]+" do set[label] = true end
  return set
end

return M

-- fields.lua - the fields of a request: which a verb takes, and what kind of value each has.
--
--   local values, words = fields.read(request, { text = "name", content = "string",
--     version = "count?" })
--
-- A kind that ends in ? may be missing; null is missing.  Kinds:
--   string, name (a string that is not empty), boolean
--   count     a whole number from 0; line: from 1
--   place     [line, column];  span: [line, column, line, column]; whole numbers from 1
--   labels    a list of strings;  rules: a string, or a list of strings

local json_read = require "postil.json_read"
local nearest = require "postil.core".nearest
local visible = require "postil.visible"

local MOST = 2 ^ 53

local M = {}

local function is_whole(value, least)
  return type(value) == "number" and value >= least and value < MOST and value == math.floor(value)
end

local function is_list(value, is_item)
  if type(value) ~= "table" or value == json_read.null then return false end
  local n = 0
  for _ in pairs(value) do n = n + 1 end
  for i = 1, n do
    if value[i] == nil or not is_item(value[i]) then return false end
  end
  return true, n
end

local function is_string(value) return type(value) == "string" end

local function are_places(value, n)
  local good, size = is_list(value, function(one) return is_whole(one, 1) end)
  return good and size == n
end

local KINDS = {
  string = { is_string, "a string" },
  name = { function(value) return is_string(value) and value ~= "" end, "a string, not empty" },
  boolean = { function(value) return type(value) == "boolean" end, "true or false" },
  count = { function(value) return is_whole(value, 0) end, "a whole number from 0" },
  line = { function(value) return is_whole(value, 1) end, "a whole number from 1" },
  place = { function(value) return are_places(value, 2) end, "[line, column], both from 1" },
  span = { function(value) return are_places(value, 4) end,
    "[line, column, line, column], all from 1" },
  labels = { function(value) return (is_list(value, is_string)) end, "a list of labels" },
  rules = { function(value)
    return is_string(value) or is_list(value, is_string) and value[1] ~= nil
  end, "a string, or a list of strings" },
}

-- 3 and not 3.0, for versions of Lua that tell them apart.
local function whole(value)
  if type(value) == "number" and math.tointeger then return math.tointeger(value) or value end
  if type(value) ~= "table" then return value end
  local list = {}
  for i, one in ipairs(value) do list[i] = whole(one) end
  return list
end

local function quoted(name) return '"' .. visible.line(name) .. '"' end

-- What is wrong with fields that the verb does not have; nil: there are none.
local function strangers(request, kinds, verb)
  local known, strange = {}, nil
  for name in pairs(kinds) do known[#known + 1] = name end
  for name in pairs(request) do
    local key = tostring(name)
    if name ~= "id" and name ~= "do" and not kinds[name] and (not strange or key < strange) then
      strange = key
    end
  end
  if not strange then return nil end
  table.sort(known)
  local guess = nearest(strange, known)
  return ("%s has no field %s%s"):format(quoted(verb), quoted(strange),
    guess and (" (did you mean %s?)"):format(quoted(guess)) or "")
end

function M.read(request, kinds)
  local values, names, verb = {}, {}, request["do"]
  local strange = strangers(request, kinds, verb)
  if strange then return nil, strange end
  for name in pairs(kinds) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    local kind, optional = kinds[name]:match "^(%l+)(%??)$"
    local value = request[name]
    if value == json_read.null then value = nil end
    if value == nil then
      if optional == "" then return nil, ("%s needs %s: %s"):format(quoted(verb), quoted(name),
        KINDS[kind][2]) end
    elseif not KINDS[kind][1](value) then
      return nil, ("%s must be %s"):format(quoted(name), KINDS[kind][2])
    end
    values[name] = whole(value)
  end
  return values
end

return M

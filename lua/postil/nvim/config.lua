-- config.lua - what the user has chosen, in vim.g.postil; nothing has to be.
--
--   config.get()      all options, those that were not chosen as they come
--   config.faults()   what in vim.g.postil makes no sense, a line each
--
-- plugin/doc/postil.txt tells what each is for.

local M = {}

local MB = 1048576

local DEFAULTS = {
  filetypes = {},         -- turned on by themselves
  labels = {},            -- shown; none named: all
  speakers = false,       -- as virtual text
  diagnostics = true,     -- faults of quotation marks
  max_size = 64 * MB,     -- bytes of a buffer
  step = 4,               -- milliseconds of work at a time
}
-- What has no value of its own; an empty one counts as none.
local TYPES = { rules = { string = true, table = true }, date = { string = true } }

local function is_right(name, value)
  local default = DEFAULTS[name]
  if default ~= nil then return type(value) == type(default) end
  return TYPES[name] ~= nil and TYPES[name][type(value)] == true
end

function M.get()
  local chosen = vim.g.postil
  local options = {}
  for name, value in pairs(DEFAULTS) do options[name] = value end
  if type(chosen) ~= "table" then return options end
  for name, value in pairs(chosen) do
    local is_none = TYPES[name] and (value == "" or type(value) == "table" and not next(value))
    if is_right(name, value) and not is_none then options[name] = value end
  end
  return options
end

local function wanted(name)
  if DEFAULTS[name] ~= nil then return type(DEFAULTS[name]) end
  return table.concat(vim.tbl_keys(TYPES[name]), " or ")
end

function M.faults()
  local chosen, list = vim.g.postil, {}
  if chosen == nil then return list end
  if type(chosen) ~= "table" then
    return { "vim.g.postil must be a table, not " .. type(chosen) }
  end
  for name, value in pairs(chosen) do
    if DEFAULTS[name] == nil and not TYPES[name] then
      list[#list + 1] = ("vim.g.postil.%s: there is no such option"):format(name)
    elseif not is_right(name, value) then
      list[#list + 1] = ("vim.g.postil.%s must be a %s, not %s"):format(name, wanted(name),
        type(value))
    end
  end
  table.sort(list)
  return list
end

return M

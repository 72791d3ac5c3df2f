-- sets.lua - rule sets that buffers share.
--
--   local sets = require "postil.editor.sets"
--   local entry = sets.take(rules)   entry.set, of the same rules the same; or nil, words, errors
--   sets.give(entry)                 it is needed no more; the last one closes the set
--   sets.buffers                     all buffers that are open, as keys
--   sets.reload(path)                after a rule file was saved, trusted, made or removed

local postil = require "postil"

local M = {}

M.buffers = {}

local entries = {} -- by what they were loaded from

-- One thing that postil.load takes, as a word that is the same only for the same thing.
local function key_of(one)
  if type(one) ~= "table" then return tostring(one) end
  if one.project then return "project\0" .. tostring(one.path) end
  if type(one.source) ~= "string" then return tostring(one) end
  return table.concat({ "source", one.source, one.name or "", one.path or "" }, "\0")
end

local function key(rules)
  if type(rules) ~= "table" or rules.source ~= nil or rules.project then rules = { rules } end
  local keys = {}
  for i, one in ipairs(rules) do keys[i] = key_of(one) end
  return table.concat(keys, "\1")
end

function M.take(rules)
  local name = key(rules)
  local entry = entries[name]
  if not entry then
    local set, words, errors = postil.load(rules)
    if not set then return nil, words, errors end
    entry = { key = name, set = set, users = 0 }
    entries[name] = entry
  end
  entry.users = entry.users + 1
  return entry
end

function M.give(entry)
  entry.users = entry.users - 1
  if entry.users > 0 then return end
  entry.set:close()
  if entries[entry.key] == entry then entries[entry.key] = nil end
end

return M

-- sets.lua - rule sets that buffers share, and what is done when their files change.
--
--   local entry = sets.take(rules)   entry.set, of the same rules the same; or nil, words, errors
--   sets.give(entry)                 it is needed no more; the last one closes the set
--   sets.add(buffer)  sets.remove(buffer)   buffers that are open
--   sets.reload(path)   after a rule file or table was saved, trusted, made or removed (nil: any):
--     a list, for each set that uses it, of
--       { buffers = {...}, differences = { [buffer] = found, ... }, changed = true }   other rules
--                  took over, or will: then step tells of it (see buffer.lua)
--       { buffers = {...}, differences = {} }   nothing is different
--       { buffers = {...}, message =, errors = | failures = | untrusted = }   the old rules go on,
--                  but for rules of a project that are not trusted: they end; errors as of
--                  postil.load, failures as of set:test, untrusted = { path=, words= }

local chosen = require "postil.chosen"
local live = require "postil.live"
local postil = require "postil"

local M = {}

local entries = {} -- by what they were loaded from
local buffers = {} -- as they were opened

-- ---- sharing ------------------------------------------------------------------------------------

-- One thing that postil.load takes, as a word that is the same only for the same thing.
local function key_of(one)
  if type(one) ~= "table" then return tostring(one) end
  if one.project then return "project\0" .. tostring(one.path) end
  if type(one.source) ~= "string" then return tostring(one) end
  return table.concat({ "source", one.source, one.name or "", one.path or "" }, "\0")
end

local function key_of_list(rules)
  if type(rules) ~= "table" or rules.source ~= nil or rules.project then rules = { rules } end
  local keys = {}
  for i, one in ipairs(rules) do keys[i] = key_of(one) end
  return table.concat(keys, "\1")
end

function M.take(rules)
  local key = key_of_list(rules)
  local entry = entries[key]
  if not entry then
    local set, words, errors = postil.load(rules)
    if not set then return nil, words, errors end
    entry = { key = key, set = set, users = 0 }
    entries[key] = entry
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

function M.add(buffer) buffers[#buffers + 1] = buffer end

function M.remove(buffer)
  for i, one in ipairs(buffers) do
    if one == buffer then table.remove(buffers, i) end
  end
end

-- ---- reloading ----------------------------------------------------------------------------------

local function same_file(a, b)
  local real = postil.core.files.real
  return (real(a) or a) == (real(b) or b)
end

-- Hands an entry to a buffer; what was found at once goes into `result`.
local function hand_over(buffer, entry, result)
  result.changed = true
  entry.users = entry.users + 1
  local found, words = buffer:follow(entry)
  if words then result.message = result.message or words end
  result.differences[buffer] = found or nil
end

-- A buffer whose rules nobody named may have others now beside it, or none; nil: it has not.
local function choose_anew(buffer, path)
  local own = not buffer.rules and buffer.path and chosen.beside(buffer.path)
  if not own or path and not same_file(own, path) then return nil end
  local before = (buffer.next_entry or buffer.entry).key
  local list, untrusted = chosen.of(postil, buffer.path)
  local result = { buffers = { buffer }, differences = {}, untrusted = untrusted,
    message = untrusted and untrusted.words }
  buffer.untrusted, buffer.broken = untrusted, nil
  if key_of_list(list) == before then return untrusted and result end
  local entry, words, errors = M.take(list)
  if not entry then
    buffer.broken = { path = own, words = words, errors = errors }
    result.message, result.errors = words, errors
    return result
  end
  hand_over(buffer, entry, result)
  M.give(entry)
  return result
end

-- The buffers that have an entry, or will.
local function buffers_of(entry)
  local list = {}
  for _, buffer in ipairs(buffers) do
    if (buffer.next_entry or buffer.entry) == entry then list[#list + 1] = buffer end
  end
  return list
end

-- What a set that does not load, or whose tests fail, is told as.
local function refusal(result, words, list)
  result.message = words
  if list and list[1] and list[1].problems then result.failures = list else result.errors = list end
  return result
end

local function reload_one(entry)
  local result = { buffers = buffers_of(entry), differences = {} }
  local set, words, list = entry.set:reload()
  if not set then return refusal(result, words, list) end
  if set == entry.set then return result end
  local fresh = { key = entry.key, set = set, users = 1 }
  entries[entry.key] = fresh
  for _, buffer in ipairs(result.buffers) do hand_over(buffer, fresh, result) end
  M.give(fresh)
  if fresh.users == 0 then entries[entry.key] = entry end -- no memory: none could follow
  return result
end

function M.reload(path)
  local results, due = {}, {}
  for _, buffer in ipairs(buffers) do
    results[#results + 1] = choose_anew(buffer, path)
  end
  for _, buffer in ipairs(buffers) do
    local entry = buffer.next_entry or buffer.entry
    if not due[entry] and (not path or live.reads(entry.set, path, postil.core.files.real)) then
      due[#due + 1], due[entry] = entry, true
    end
  end
  for _, entry in ipairs(due) do results[#results + 1] = reload_one(entry) end
  return results
end

return M

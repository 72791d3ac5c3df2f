-- live.lua - rules that change while a text is open: set:reload(), set:files(), doc:use(set).
--
-- set:reload() returns
--   the set itself        when nothing that it was loaded from has changed: no file that was read,
--                         and no file has appeared that would be read instead
--   a new set             whose own tests pass; the old one stays good until it is closed
--   nil, message, list    when it does not load (errors as of postil.load) or tests fail (failures
--                         as of set:test); the old set goes on, and set:files() also names the
--                         files of that attempt
-- doc:use(set) tags the document's text anew with the same options and returns the difference of
-- its tags (difference.lua); or nil and a message, and the document is as it was.  It is the same
-- document afterwards, but tags that it handed out before are gone, and it holds the new set alive
-- instead of the old one.

-- live.reads(set, path, real) says whether a set was loaded from a file, or would have been if that
-- had been there; real(path) is a path without links.

local difference = require "postil.difference"

local M = {}

-- Whether something that a cache knows is otherwise now.
local function is_stale(cache, open)
  for origin, known in pairs(cache) do
    local source
    if type(origin) == "table" then source = origin.source() else source = open(origin) end
    if (known and known.source or nil) ~= source then return true end
  end
  return false
end

-- Failures of tests in words, a line each.
local function words_of(failures)
  local lines = {}
  for i, failure in ipairs(failures) do
    lines[i] = ("%s:%d: %s"):format(failure.file, failure.line or 0, failure.message)
  end
  return table.concat(lines, "\n")
end

function M.reload(set, build, open)
  set:labels() -- raises if it is closed
  if not is_stale(set.cache, open) then
    set.tried = nil
    return set
  end
  local cache = {}
  local fresh, message, errors = build(set.list, cache, true)
  set.tried = cache
  if not fresh then return nil, message, errors end
  local failures = fresh:test()
  if failures[1] then
    fresh:close()
    return nil, words_of(failures), failures
  end
  set.tried = nil
  return fresh
end

-- Shipped files are none of the user's: their origins begin with "@".
function M.files(set)
  local list, seen = {}, {}
  for _, cache in ipairs { set.cache, set.tried } do
    for origin, known in pairs(cache) do
      local path = type(origin) == "table" and (origin.path or "") or origin
      if known and path ~= "" and path:sub(1, 1) ~= "@" and not seen[path] then
        seen[path], list[#list + 1] = true, path
      end
    end
  end
  table.sort(list)
  return list
end

function M.reads(set, path, real)
  local wanted = real(path) or path
  for _, cache in ipairs { set.cache, set.tried } do
    for origin, known in pairs(cache) do
      local own = known and known.path or type(origin) == "table" and origin.path or origin
      if type(own) == "string" and own ~= "" and (real(own) or own) == wanted then return true end
    end
  end
  return false
end

function M.use(doc, set)
  if type(set) ~= "table" or not set.tag then
    error("doc:use: a rule set is wanted, not " .. (type(set) == "table" and "another table"
      or type(set)), 3)
  end
  local before = difference.tags(doc)
  local other, message, excerpt = set:tag(doc:text(), doc:options())
  if not other then return nil, message, excerpt end
  local found = difference.between(before, difference.tags(other))
  doc:adopt(other)
  return found
end

return M

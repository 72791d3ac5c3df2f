-- complete.lua - names of a text for completion.
--
--   complete.names(buffer, prefix)   { { words=, label=, count= }, ... }: canonical names, and how
--                                    they are mentioned, that begin so, whatever the case, and go
--                                    on; the most frequent first.  words is one line without
--                                    controls
--   complete.start(buffer, line)     where a name begins that is being written, a byte of a line
--                                    that ends at the cursor; 1 byte behind it: none is
--
-- A name may have blanks in it, so what stands before the cursor is tried from a few words back on:
-- the longest beginning of a name is completed, else the word that the cursor is behind.
--
-- Of a buffer that is not done, of what was found so far.

local kinds = require "postil.kinds"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

local M = {}

local WORDS = 4 -- before the cursor
local LOOK = 512 -- bytes of them

-- What was counted of each buffer, for one turn of it.
local known = setmetatable({}, { __mode = "k" })

-- Names and mentions with how often they are there: each mention counts for its words, and for its
-- name where that says more.
local function count(buffer)
  local list, by_key = {}, {}
  local function add(words, label)
    words = visible.line(words)
    local key = label .. "\0" .. words
    local entry = by_key[key]
    if not entry then
      entry = { words = words, label = label, count = 0, folded = (unicode.fold(words)) }
      by_key[key], list[#list + 1] = entry, entry
    end
    entry.count = entry.count + 1
  end
  for tag in buffer.doc:each() do
    local label = tag.label
    if kinds.names(label) then
      local text, name = visible.line(tag.text), visible.line(tag.name)
      add(name, label)
      if text ~= name then add(text, label) end
    end
  end
  table.sort(list, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    if a.words ~= b.words then return a.words < b.words end
    return a.label < b.label
  end)
  return { turn = buffer.turn, done = buffer.done, list = list }
end

function M.names(buffer, prefix)
  local counted = known[buffer]
  if not counted or counted.turn ~= buffer.turn or not counted.done then
    counted = count(buffer)
    known[buffer] = counted
  end
  local wanted, found = unicode.fold(prefix), {}
  for _, one in ipairs(counted.list) do
    if one.folded:sub(1, #wanted) == wanted and one.words ~= prefix then
      found[#found + 1] = { words = one.words, label = one.label, count = one.count }
    end
  end
  return found
end

-- Bytes where a name may begin, the farthest first.
local function starts(line)
  local list = {}
  for at in line:gmatch "()%f[%w\128-\255][%w\128-\255]" do
    list[#list + 1] = at
    if #list > WORDS then table.remove(list, 1) end
  end
  return list
end

function M.start(buffer, line)
  local skipped = math.max(0, #line - LOOK)
  skipped = line:match("^[\128-\191]*()", skipped + 1) - 1
  local tail = line:sub(skipped + 1)
  for _, at in ipairs(starts(tail)) do
    if M.names(buffer, tail:sub(at))[1] then return skipped + at end
  end
  return skipped + (tail:match "()[%w\128-\255]+$" or #tail + 1)
end

return M

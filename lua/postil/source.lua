-- source.lua - a Lua source as tokens, each with its place, and what its strings hold.
--
--   source.tokens(text)          { kind=, first=, last=, text= }, ...; kind: "name", "string",
--                                "number" or "sign"
--   source.value(text, token)    what a string holds
--   source.map(text, token)      the same, and for each of its bytes the byte of the source
--   source.line(text, n)         line n without its end, and where it begins
--   source.place(text, at)       line and column of a byte
--
-- It reads what any Lua reads; what none does becomes a token of one byte.  Only asked when
-- something is wrong.

local M = {}

local find, match, sub = string.find, string.match, string.sub

-- ---- lines --------------------------------------------------------------------------------------

local last_text, last_starts -- of the text that was asked about last

local function starts_of(text)
  if text == last_text then return last_starts end
  local list, n, at = { 1 }, 1, find(text, "\n", 1, true)
  while at do
    n = n + 1
    list[n] = at + 1
    at = find(text, "\n", at + 1, true)
  end
  last_text, last_starts = text, list
  return list
end

function M.line(text, n)
  local at = starts_of(text)[n]
  if not at then return nil end
  return (sub(text, at, (find(text, "\n", at, true) or #text + 1) - 1):gsub("\r$", "")), at
end

function M.place(text, at)
  local list = starts_of(text)
  local low, high = 1, #list -- the last line that begins at or before `at`
  while low < high do
    local middle = math.floor((low + high + 1) / 2)
    if list[middle] <= at then low = middle else high = middle - 1 end
  end
  return low, at - list[low] + 1
end

-- ---- tokens -------------------------------------------------------------------------------------

-- Where "[[", "[=[" ... that begins at `at` ends, or nil: none begins there.
local function long_end(text, at)
  local equals = match(text, "^%[(=*)%[", at)
  if not equals then return nil end
  local _, last = find(text, "]" .. equals .. "]", at, true)
  return last or #text
end

local function short_end(text, at)
  local quote, i = sub(text, at, at), at + 1
  while i <= #text do
    local c = sub(text, i, i)
    if c == quote then return i end
    if c == "\n" then return i - 1 end -- no Lua reads on
    if c == "\\" and find(text, "^z", i + 1) then
      i = match(text, "^z%s*()", i + 1)
    elseif c == "\\" then
      i = i + (find(text, "^\r\n", i + 1) and 3 or 2)
    else
      i = i + 1
    end
  end
  return #text
end

-- Where a comment that begins at `at` ends, or nil.
local function comment_end(text, at)
  if not find(text, "^%-%-", at) then return nil end
  return long_end(text, at + 2) or (find(text, "\n", at, true) or #text + 1) - 1
end

-- Kind and last byte of the token at `at`.
local function token_at(text, at)
  local c = sub(text, at, at)
  local last = match(text, "^[%a_][%w_]*()", at)
  if last then return "name", last - 1 end
  last = match(text, "^%.?%d[%w%.]*()", at)
  if last then return "number", last - 1 end
  if c == '"' or c == "'" then return "string", short_end(text, at) end
  last = c == "[" and long_end(text, at)
  if last then return "string", last end
  last = match(text, "^%.%.%.?()", at) or match(text, "^[=~<>]=()", at) or at + 1
  return "sign", last - 1
end

function M.tokens(text)
  local list, at = {}, match(text, "^#[^\n]*()") or 1
  while true do
    at = find(text, "[^%s]", at)
    if not at then return list end
    local last = comment_end(text, at)
    if not last then
      local kind
      kind, last = token_at(text, at)
      list[#list + 1] = { kind = kind, first = at, last = last, text = sub(text, at, last) }
    end
    at = last + 1
  end
end

-- ---- what strings hold --------------------------------------------------------------------------

local ESCAPES = { a = "\a", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", v = "\v" }

local function utf8_char(code)
  if code < 0x80 then return string.char(code) end
  local bytes, limit = {}, 0x40
  while code >= limit do
    table.insert(bytes, 1, string.char(0x80 + code % 64))
    code = (code - code % 64) / 64
    limit = limit == 0x40 and 0x20 or limit / 2
  end
  return string.char(256 - limit * 2 + code) .. table.concat(bytes)
end

-- What the escape at `at` gives and where the string goes on.
local function unescape(text, at)
  local c = sub(text, at + 1, at + 1)
  local digits, stop = match(text, "^\\(%d%d?%d?)()", at)
  if digits then return string.char(tonumber(digits) % 256), stop end
  digits, stop = match(text, "^\\x(%x%x)()", at)
  if digits then return string.char(tonumber(digits, 16)), stop end
  digits, stop = match(text, "^\\u{(%x+)}()", at)
  if digits and #digits < 9 then return utf8_char(tonumber(digits, 16)), stop end
  if c == "z" then return "", (match(text, "^\\z%s*()", at)) end
  if c == "\r" or c == "\n" then return "\n", (match(text, "^\\\r?\n?()", at)) end
  return ESCAPES[c] or c, at + 2
end

-- Pieces of a string: put(what, place of its first byte, is it as in the source?).
local function each_piece(text, token, put)
  local at, last = token.first, token.last
  local equals = match(text, "^%[(=*)%[", at)
  if equals then
    at, last = at + #equals + 2, last - #equals - 2
    at = match(text, "^\r?\n()", at) or at
    while at <= last do
      local stop = find(text, "\r", at, true)
      stop = stop and stop <= last and stop or last + 1
      put(sub(text, at, stop - 1), at, true)
      at = stop + 1 -- a carriage return before a line's end is none of the string
    end
    return
  end
  at, last = at + 1, last - 1
  while at <= last do
    local stop = find(text, "\\", at, true)
    stop = stop and stop <= last and stop or last + 1
    if stop > at then put(sub(text, at, stop - 1), at, true) end
    at = stop
    if at <= last then
      local what, after = unescape(text, at)
      put(what, at, false)
      at = after
    end
  end
end

function M.value(text, token)
  local out = {}
  each_piece(text, token, function(what) out[#out + 1] = what end)
  return table.concat(out)
end

function M.map(text, token)
  local map = {}
  each_piece(text, token, function(what, at, same)
    for i = 0, #what - 1 do map[#map + 1] = same and at + i or at end
  end)
  return map
end

return M

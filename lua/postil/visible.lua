-- visible.lua - text made harmless for a terminal: every control is shown instead of sent.
--
--   ESC and other C0   ^[ ^H ^@ ...        DEL  ^?
--   C1, bidi controls, tags                <U+009B> <U+202E>
--   bytes that are no UTF-8                <9B>
--
-- Line ends (LF, CR LF) and tabs pass.  `visible.line` is for messages: one line, no tabs either.

local unicode = require "postil.unicode"

local M = {}

local function plain(shown) return shown end

-- How one code point or ill-formed sequence is shown; nil: as it is.
local function shown(code, bytes)
  if not code then
    return (bytes:gsub(".", function(b) return ("<%02X>"):format(b:byte()) end))
  elseif code < 32 then return "^" .. string.char(code + 64)
  elseif code == 127 then return "^?"
  elseif unicode.unsafe(code) then return ("<U+%04X>"):format(code) end
end

-- A run of controls and high bytes, with what must be shown dressed by `mark`; nil: nothing must.
local function rewrite(run, mark)
  local out, n, i, dirty = {}, 0, 1, false
  while i <= #run do
    local code, len = unicode.decode(run, i)
    local bytes = run:sub(i, i + len - 1)
    local words = shown(code, bytes)
    n = n + 1
    out[n] = words and mark(words) or bytes
    dirty = dirty or words ~= nil
    i = i + len
  end
  return dirty and table.concat(out) or nil
end

-- Runs that need no change repeat (quotation marks, dashes); they are remembered.
local harmless, count = {}, 0
local HARMLESS_MAX = 2000

-- s with its controls shown; mark(words) may dress them, in reverse video for one.
function M.text(s, mark)
  mark = mark or plain
  return (s:gsub("([%z\1-\8\11-\31\127-\255]+)()", function(run, after)
    if harmless[run] then return run end
    local tail = ""
    if run:sub(-1) == "\r" and s:byte(after) == 10 then run, tail = run:sub(1, -2), "\r" end
    local safe = rewrite(run, mark)
    if safe then return safe .. tail end
    if count >= HARMLESS_MAX then harmless, count = {}, 0 end
    if tail == "" then harmless[run], count = true, count + 1 end
    return run .. tail
  end))
end

-- s as one line: runs of white space are one space, everything else as in `text`.
function M.line(s, mark)
  return M.text((s:gsub("[\t\n\r\11\12 ]+", " ")), mark)
end

return M

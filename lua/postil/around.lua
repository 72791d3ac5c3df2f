-- around.lua - the line of a text that a place stands in, as much of it as is good to show.
--
--   before, middle, behind = around.line(doc, text, first, last)

local M = {}

local AROUND = 120 -- characters shown before and behind at most
local BYTES = 4 * AROUND + 4 -- looked at on each side; many mentions may be in one long line

-- Where the character begins that is n characters before byte `at` of a text, `first` at least.
local function back(text, at, first, n)
  while n > 0 and at > first do
    at = at - 1
    local byte = text:byte(at)
    if byte < 128 or byte > 191 then n = n - 1 end
  end
  return at
end

-- Where the character begins that is n characters behind byte `at`, `stop` at most.
local function forth(text, at, stop, n)
  while n > 0 and at < stop do
    at = at + 1
    local byte = text:byte(at)
    if not byte or byte < 128 or byte > 191 then n = n - 1 end
  end
  return at
end

-- The line around bytes first to last in three pieces.  What runs over a line end is cut there, and
-- of a long line only the nearer part is given, with … for the rest.
function M.line(doc, text, at, to)
  local _, column = doc:place(at)
  local line = at - column + 1
  local first = back(text, at, math.max(line, at - BYTES), AROUND)
  local reach = math.min(#text, to + BYTES)
  local stop = text:sub(at, reach):find "[\r\n]"
  stop = stop and at + stop - 1 or reach + 1
  local last = math.min(to, stop - 1)
  local cut = forth(text, last + 1, stop, AROUND)
  return (first > line and "…" or "") .. text:sub(first, at - 1), text:sub(at, last),
    text:sub(last + 1, cut - 1) .. (cut < stop and "…" or "")
end

return M

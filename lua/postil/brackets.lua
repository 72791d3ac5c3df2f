-- brackets.lua - the notation of yes tests: "with [Sergei Lavrov | gender=m, title=]. He".
--
--   brackets.read(snippet) -> text, { { first=, last=, want= { { name=, value= }, ... } }, ... }
--                           | nil, message
--
-- Spans may lie in one another.  Behind | stand attributes; a value of nothing means "not set".
-- "\[", "\]", "\|" and "\\" are characters of the text, "\," one of a value.

local M = {}

local UNCLOSED = "a [ without its ]; write \\[ for a bracket of the text"
local UNOPENED = "a ] without its [; write \\] for a bracket of the text"

-- What stands at `at`, between | and its ]: attributes, and where the text goes on.
local function read_wishes(snippet, at)
  local wishes, field = {}, {}
  while at <= #snippet do
    local plain, stop = snippet:match("^([^\\,%]]+)()", at)
    local c = snippet:sub(at, at)
    if plain then
      field[#field + 1], at = plain, stop
    elseif c == "\\" then
      local escaped = snippet:match("^[%[%]\\|,]", at + 1)
      field[#field + 1], at = escaped or c, at + (escaped and 2 or 1)
    else
      local words = table.concat(field)
      local name, value = words:match "^%s*(%l[%l%d_]*)%s*=%s*(.-)%s*$"
      if not name then
        return nil, ("'%s' behind |: name=value is wanted; write \\| for a bar of the text, \\, " ..
          "for a comma of a value"):format(words:match "^%s*(.-)%s*$")
      end
      wishes[#wishes + 1], field, at = { name = name, value = value }, {}, at + 1
      if c == "]" then return wishes, at end
    end
  end
  return nil, UNCLOSED
end

function M.read(snippet)
  local out, size, spans, open, at = {}, 0, {}, {}, 1
  local function put(text)
    out[#out + 1], size = text, size + #text
  end
  local function close()
    local span = table.remove(open)
    span.last = size
    return span.last >= span.first
  end
  while at <= #snippet do
    local plain, stop = snippet:match("^([^%[%]\\|]+)()", at)
    local c = snippet:sub(at, at)
    if plain then -- blanks before | belong to neither side
      put(open[1] and snippet:sub(stop, stop) == "|" and plain:gsub("%s+$", "") or plain)
      at = stop
    elseif c == "\\" then
      local escaped = snippet:match("^[%[%]\\|]", at + 1)
      put(escaped or c)
      at = at + (escaped and 2 or 1)
    elseif c == "[" then
      spans[#spans + 1] = { first = size + 1, want = {} }
      open[#open + 1], at = spans[#spans], at + 1
    elseif c == "|" and open[1] then
      open[#open].want, stop = read_wishes(snippet, at + 1)
      if not open[#open].want then return nil, stop end
      if not close() then return nil, "[ ] around nothing" end
      at = stop
    elseif c == "|" then
      put(c)
      at = at + 1
    else
      if not open[1] then return nil, UNOPENED end
      if not close() then return nil, "[ ] around nothing" end
      at = at + 1
    end
  end
  if open[1] then return nil, UNCLOSED end
  return table.concat(out), spans
end

return M

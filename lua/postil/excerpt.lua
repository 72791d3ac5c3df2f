-- excerpt.lua - the line of a rule file where something is wrong, with carets below.
--
--   excerpt.draw(source, line, column, width)    two lines, or nil where there is no such line
--   excerpt.text(text, column)                   the same of a pattern that stands in no file
--   excerpt.of(source, line, message)            for errors that Lua itself reports, which name a
--                                                line only: the two lines, and the column if it is
--                                                known
--
-- Without a width a tag, a repeat, a word or one character is underlined.

local source = require "postil.source"

local M = {}

local LINE_MAX = 160 -- bytes of a line that are shown
local TRIES = 20 -- places where a token is looked for

local compile = loadstring or load

local function width_at(text, column)
  local rest = text:sub(column)
  local found = rest:match "^<[^<>]*>" or rest:match "^{[%d,]*}" or rest:match "^[%w_]+" or
    rest:match "^[%z\1-\127\194-\244][\128-\191]*" or " "
  return #found
end

-- A long line is cut to what surrounds the column.
local function cut(text, column)
  if #text <= LINE_MAX then return text, column end
  local first = column > LINE_MAX / 2 and column - LINE_MAX / 2 or 1
  while first < column and text:find("^[\128-\191]", first) do first = first + 1 end
  text = text:sub(first, first + LINE_MAX - 1):gsub("[\192-\255]?[\128-\191]*$", "")
  return text, column - first + 1
end

local function draw(head, text, column, width)
  text, column = cut(text, column)
  local blank = text:sub(1, column - 1):gsub("[\128-\191]", ""):gsub("[^\t]", " ")
  local under = text:sub(column, column + (width or width_at(text, column)) - 1)
    :gsub("[\128-\191]", ""):gsub(".", "^")
  return ("%s%s\n       | %s%s"):format(head, text:gsub("[%z\1-\8\11-\31\127]", "?"), blank,
    under == "" and "^" or under)
end

function M.draw(text, line, column, width)
  local shown = source.line(text, line)
  return shown and draw(("%6d | "):format(line), shown, column, width)
end

function M.text(text, column)
  return draw("       = ", (text:gsub("[\n\r\t]", " ")), column)
end

-- Where in a line, which begins at byte `at` of a source, the token is that Lua cannot read: it is
-- the first one with which the source before it is refused for the same reason.
local function column_of(text, line, at, token)
  local from = 1
  for _ = 1, TRIES do
    local first, last = line:find(token, from, true)
    if not first then return nil end
    local _, message = compile(text:sub(1, at + last - 1), "=?")
    if message and message:sub(-#token - 8) == " near '" .. token .. "'" then return first, last end
    from = first + 1
  end
end

-- Where in a line a name stands that Lua speaks of, if it stands there once.
local function name_in(line, name)
  local pattern = "%f[%w_]" .. name .. "%f[^%w_]"
  local first, last = line:find(pattern)
  if not first or line:find(pattern, last + 1) then return nil end
  return first, last
end

function M.of(text, line, message)
  local shown, at = source.line(text, line)
  if not shown or text:sub(1, 1) == "\27" then return nil end
  local token = message:match " near '(.+)'$"
  local name = message:match "^[%w_.]-([%a_][%w_]*): " or message:match "'([%a_][%w_]*)'"
  local first, last
  if token then first, last = column_of(text, shown, at, token)
  elseif name then first, last = name_in(shown, name) end
  if message:find " near '?<eof>'?$" then first, last = #shown + 1, #shown + 1 end
  local column = first
  first = first or shown:find "%S" or 1
  last = last or (shown:find "%s*$") - 1
  return M.draw(text, line, first, last - first + 1), column
end

return M

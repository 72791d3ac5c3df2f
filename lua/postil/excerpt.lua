-- excerpt.lua - the line of a rule file that ended its load, with a caret: for errors that Lua
-- itself reports, which name a line but no column.
--
--   excerpt.of(source, line, message)      two lines, or nil where there is no such line
--
-- The caret stands at the token that the message names, else the whole line is underlined.

local M = {}

local LINE_MAX = 160 -- bytes of a line that are shown
local TRIES = 20 -- places where a token is looked for

local compile = loadstring or load

local function line_at(source, line)
  local at = 1
  for _ = 2, line do
    at = source:find("\n", at, true)
    if not at then return nil end
    at = at + 1
  end
  return (source:sub(at, (source:find("\n", at, true) or #source + 1) - 1):gsub("\r$", "")), at
end

-- Where in text, which begins at byte `at` of source, the token is that Lua cannot read: it is the
-- first one with which the source before it is refused for the same reason.
local function column_of(source, text, at, token)
  local from = 1
  for _ = 1, TRIES do
    local first, last = text:find(token, from, true)
    if not first then return nil end
    local _, message = compile(source:sub(1, at + last - 1), "=?")
    if message and message:sub(-#token - 8) == " near '" .. token .. "'" then return first, last end
    from = first + 1
  end
end

function M.of(source, line, message)
  local text, at = line_at(source, line)
  if not text or #text > LINE_MAX or source:sub(1, 1) == "\27" then return nil end
  local token = message:match " near '(.+)'$"
  local first, last
  if token then first, last = column_of(source, text, at, token) end
  if message:find " near '?<eof>'?$" then first, last = #text + 1, #text + 1 end
  first = first or text:find "%S" or 1
  last = last or (text:find "%s*$") - 1
  local head = text:sub(1, first - 1):gsub("[\128-\191]", ""):gsub("[^\t]", " ")
  local under = text:sub(first, last):gsub("[\128-\191]", ""):gsub(".", "^")
  local shown = text:gsub("[%z\1-\8\11-\31\127]", "?")
  return ("%6d | %s\n       | %s%s"):format(line, shown, head, under == "" and "^" or under)
end

return M

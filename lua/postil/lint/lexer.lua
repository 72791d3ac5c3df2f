-- lexer.lua - cuts Lua source into tokens, well enough for looking at them: comments are skipped.
--
--   for _, token in ipairs(lexer.tokens(source)) do ... token.kind, token.text, token.at ...
--
-- kind is "name", "number", "string" (quoted; text with its quotes), "long" (in long brackets) or
-- "mark" (operators, longest first).  The source is one that some Lua has compiled.

local M = {}

local MARKS = { "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", ".." }

-- The last byte of long brackets that begin at `at`, or nil.
local function long_bracket(source, at)
  local level = source:match("^%[(=*)%[", at)
  if not level then return nil end
  local _, stop = source:find("]" .. level .. "]", at + #level + 2, true)
  return stop or #source
end

-- The last byte of a quoted string that begins at `at`.
local function quoted(source, at)
  local quote, i = source:sub(at, at), at + 1
  while true do
    local stop = source:find("[\\" .. quote .. "]", i)
    if not stop then return #source end
    if source:sub(stop, stop) == quote then return stop end
    i = stop + 2
  end
end

-- The last byte of a comment that begins at `at`.
local function comment(source, at)
  return long_bracket(source, at + 2) or (source:find("\n", at, true) or #source + 1) - 1
end

local function mark(source, at)
  if not source:find("^[.<>/=~:]", at) then return at end
  for _, text in ipairs(MARKS) do
    if source:sub(at, at + #text - 1) == text then return at + #text - 1 end
  end
  return at
end

-- Kind and last byte of the token at `at`; kind nil: a comment.
local function token_at(source, at)
  local c = source:sub(at, at)
  if source:find("^%-%-", at) then return nil, comment(source, at) end
  if c == '"' or c == "'" then return "string", quoted(source, at) end
  local stop = c == "[" and long_bracket(source, at)
  if stop then return "long", stop end
  stop = select(2, source:find("^[%a_][%w_]*", at))
  if stop then return "name", stop end
  if source:find("^%.?%d", at) then
    stop = select(2, source:find("^0[xX][%x.]*[pP]?[+-]?[%x.]*", at)) or
      select(2, source:find("^[%d.]*[eE]?[+-]?%d*", at))
    return "number", stop
  end
  return "mark", mark(source, at)
end

function M.tokens(source)
  local list = {}
  local at = source:find("[^%s\239\187\191]") or #source + 1
  if source:sub(at, at) == "#" then at = source:find("\n", at, true) or #source + 1 end
  while true do
    at = source:find("%S", at)
    if not at then return list end
    local kind, stop = token_at(source, at)
    if kind then list[#list + 1] = { kind = kind, text = source:sub(at, stop), at = at } end
    at = stop + 1
  end
end

return M

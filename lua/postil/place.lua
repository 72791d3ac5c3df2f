-- place.lua - where in a rule file a mistake stands.
--
--   place.of(source, { line=, call="tag.person", path={ 1, "set", "is" }, at=, text=, key= })
--     -> { line=, column=, width=, exact= }, or nil
--   place.fill(list, source_of)   gives such records of files { file=, ... } their line and column
--
-- `call` is what the statement calls and `line` the one where Lua saw that.  `path` leads from the
-- call to a value: the number of the argument, then keys of tables.  `at` is an offset in the
-- string that stands there, whose value is `text` (without `at` all of it is meant); key: the key
-- is meant, not its value.  Without a path it is the name that is called.  A value that is no
-- string in the source, because a program made it, is itself the place (exact: false); where even
-- that cannot be told, nil.

local source = require "postil.source"

local M = {}

local OPEN = { ["("] = ")", ["{"] = "}", ["["] = "]" }
local CLOSE = { [")"] = true, ["}"] = true, ["]"] = true }
local BLOCK = { ["function"] = 1, ["if"] = 1, ["do"] = 1, ["repeat"] = 1, ["end"] = -1,
  ["until"] = -1 }

-- ---- expressions --------------------------------------------------------------------------------

-- The token at which the expression that begins at i ends (a comma, a closing bracket); calls
-- join(i) for each `..` of its own, other(i) for other operators of its own.
local function expression_end(tokens, i, join, other)
  local depth, blocks = 0, 0
  while tokens[i] do
    local token = tokens[i]
    local text = token.kind ~= "string" and token.text or ""
    if depth == 0 and blocks <= 0 and (text == "," or text == ";" or CLOSE[text]) then return i end
    if OPEN[text] then depth = depth + 1 elseif CLOSE[text] then depth = depth - 1 end
    if token.kind == "name" then blocks = blocks + (BLOCK[text] or 0) end
    if depth == 0 and blocks == 0 then
      if text == ".." then join(i)
      elseif text == "and" or text == "or" or token.kind == "sign" and text:find "^[%+%-%*/%%<>=~]"
      then other(i) end
    end
    i = i + 1
  end
  return i
end

-- An expression: its tokens [first, last], and its pieces between `..`, each [first, last] too.
local function expression(tokens, i)
  local node, from, plain = { first = i, pieces = {} }, i, true
  local stop = expression_end(tokens, i, function(k)
    table.insert(node.pieces, { first = from, last = k - 1 })
    from = k + 1
  end, function() plain = false end)
  node.last = stop - 1
  table.insert(node.pieces, { first = from, last = stop - 1 })
  if not plain then node.pieces = { { first = i, last = stop - 1 } } end
  return node, stop
end

-- The key of a table's field that begins at i: key, its token, and where the value begins.
local function field_key(text, tokens, i)
  local here, after = tokens[i], tokens[i + 1]
  if here.kind == "name" and after and after.text == "=" then return here.text, i, i + 2 end
  if here.text ~= "[" or not after then return nil, nil, i end
  local bracket, equals = tokens[i + 2], tokens[i + 3]
  if not bracket or bracket.text ~= "]" or not equals or equals.text ~= "=" then
    return nil, nil, i
  end
  local key = after.kind == "string" and source.value(text, after) or tonumber(after.text)
  if after.text == "true" then key = true elseif after.text == "false" then key = false end
  return key, i + 1, i + 4
end

-- The fields of a table whose { is token i, by key: { key = token, value = expression }.
local function fields_of(text, tokens, i)
  local fields, n = {}, 0
  i = i + 1
  while tokens[i] and tokens[i].text ~= "}" do
    local key, at, value = field_key(text, tokens, i)
    if not at then
      n = n + 1
      key = n
    end
    local node, stop = expression(tokens, value)
    if key ~= nil then fields[key] = { key = at, value = node } end
    i = stop
    if not tokens[i] or CLOSE[tokens[i].text] then break end
    i = i + 1
  end
  return fields
end

-- An argument without brackets: one string or table.
local function bare(first, last)
  return { value = { first = first, last = last, pieces = { { first = first, last = last } } } }
end

-- Where the table that begins at token i ends.
local function table_end(tokens, i)
  local depth = 0
  for last = i, #tokens do
    local sign = tokens[last].kind ~= "string" and tokens[last].text
    if OPEN[sign] then depth = depth + 1 elseif CLOSE[sign] then depth = depth - 1 end
    if depth == 0 then return last end
  end
  return #tokens
end

-- The arguments of a call behind token i, as fields by number; in test "name" { ... } the table is
-- the second.
local function arguments(text, tokens, i)
  local token = tokens[i]
  if not token then return nil end
  if token.text == "(" then return fields_of(text, tokens, i) end
  if token.text == "{" then return { bare(i, table_end(tokens, i)) } end
  if token.kind ~= "string" then return nil end
  local after = tokens[i + 1] and tokens[i + 1].text
  return { bare(i, i), after == "{" and bare(i + 1, table_end(tokens, i + 1)) or nil }
end

-- ---- calls --------------------------------------------------------------------------------------

local function line_of(text, at)
  return (source.place(text, at))
end

-- Is token i the last name of a call of `call`?  The token where that begins, or nil.
local function call_begins(tokens, i, name, label)
  if not label then
    local before = tokens[i - 1] and tokens[i - 1].text
    return tokens[i].text == name and before ~= "." and before ~= ":" and i or nil
  end
  return tokens[i].text == label and i > 2 and tokens[i - 1].text == "." and
    tokens[i - 2].text == name and i - 2 or nil
end

-- The calls of `call` that Lua may mean by a line: { name = token, arguments = fields }.
local function calls_at(text, tokens, call, line)
  local found = {}
  local name, label = call:match "^([^.]+)%.(.+)$"
  for i, token in ipairs(tokens) do
    local first = token.kind == "name" and call_begins(tokens, i, name or call, label)
    local after = first and tokens[i + 1]
    if after and line_of(text, tokens[first].first) <= line and
      line_of(text, after.kind == "string" and after.last or after.first) >= line then
      found[#found + 1] = { name = i, arguments = arguments(text, tokens, i + 1) }
    end
  end
  return found
end

-- ---- values -------------------------------------------------------------------------------------

-- The expression that a path leads to, as far as it goes: field, how many steps were left.
local function follow(text, tokens, call, path)
  local fields, field = call.arguments, nil
  for n, key in ipairs(path) do
    local nearer = fields and fields[key]
    if not nearer then return field, #path - n + 1 end
    field = nearer
    local node = field.value
    fields = tokens[node.first] and tokens[node.first].text == "{" and #node.pieces == 1 and
      fields_of(text, tokens, node.first) or nil
  end
  return field, 0
end

local function string_of(text, tokens, piece)
  local token = tokens[piece.first]
  if piece.first ~= piece.last or token.kind ~= "string" then return nil end
  return source.value(text, token), token
end

-- The byte of the source that byte `at` (from 0) of a string comes from; nil: no literal says it.
local function origin(text, tokens, node, value, at)
  local from, pieces = 0, node.pieces
  for _, piece in ipairs(pieces) do
    local own, token = string_of(text, tokens, piece)
    if not own or value:sub(from + 1, from + #own) ~= own then break end
    if at < from + #own or at == #value and from + #own == #value then
      return source.map(text, token)[at - from + 1] or token.last
    end
    from = from + #own
  end
  from = #value
  for i = #pieces, 1, -1 do
    local own, token = string_of(text, tokens, pieces[i])
    if not own or from < #own or value:sub(from - #own + 1, from) ~= own then return nil end
    from = from - #own
    if at >= from then return source.map(text, token)[at - from + 1] or token.last end
  end
end

-- The byte of the source where a string that begins at `first` ends, if that is in the same line.
local function last_of(text, tokens, node, value, first)
  local last = value ~= "" and origin(text, tokens, node, value, #value - 1)
  return last and line_of(text, last) == line_of(text, first) and last or nil
end

local function spot(text, first, last, exact)
  local line, column = source.place(text, first)
  return { line = line, column = column, width = last and last - first + 1, exact = exact }
end

-- The place that one call gives, and how good it is: 3 the very string, 2 the very value, 1 part of
-- the way.
local function place_in(text, tokens, call, e)
  local name = tokens[call.name]
  if not e.path then return spot(text, name.first, name.last, true), 2 end
  local field, left = follow(text, tokens, call, e.path)
  if not field then return spot(text, name.first, name.last, false), 1 end
  local node = field.value
  local first, last = tokens[node.first], tokens[node.last]
  if left > 0 then return spot(text, first.first, nil, false), 1 end
  if e.key and field.key then
    local key = tokens[field.key]
    return spot(text, key.first, key.last, true), 2
  end
  local at = e.text and origin(text, tokens, node, e.text, e.at or 0)
  if at then
    local stop = not e.at and last_of(text, tokens, node, e.text, at) or nil
    return spot(text, at, stop, true), 3
  end
  if line_of(text, first.first) ~= line_of(text, last.last) then last = first end
  return spot(text, first.first, last.last, not e.text), e.text and 1 or 2
end

local last_text, last_tokens -- of the text that was asked about last

local function tokens_of(text)
  if last_text ~= text then last_text, last_tokens = text, source.tokens(text) end
  return last_tokens
end

function M.of(text, e)
  local tokens = tokens_of(text)
  local best, most
  for _, call in ipairs(calls_at(text, tokens, e.call, e.line)) do
    local found, good = place_in(text, tokens, call, e)
    if found and (not best or good > most) then
      best, most = found, good
    elseif found and good == most and good == 1 then
      best.doubt = true -- two calls on a line, and neither shows what is meant
    end
  end
  return best and not best.doubt and best or nil
end

-- The ways are taken away again.  No column is given where no literal shows the text.
function M.fill(list, source_of)
  local known = {}
  for _, e in ipairs(list) do
    if e.call and known[e.file] == nil then known[e.file] = source_of(e.file) or false end
    local found = e.call and known[e.file] and M.of(known[e.file], e)
    if found then e.line, e.column = found.line, found.exact and found.column or nil end
    if e.call then e.call, e.path = nil, nil end
  end
end

return M

-- messages.lua - finds in the sources every message that rule files may cause.
--
--   for _, one in ipairs(messages.all(root)) do ... one.file, one.line, one.words, one.pattern end
--
-- words: the message as the source has it, "…" for what is put in; pattern: a Lua pattern that finds
-- it at the end of what is said.  The calls that take a message are listed here by name, with the
-- number of the argument that holds it; so a new message is found without being listed anywhere.

local source = require "postil.source"

local M = {}

local C_FILES = { "core/pattern_parse.c", "core/pattern.c", "core/regex.c", "core/rules.c",
  "core/rules_check.c", "core/rules_image.c", "core/term.c", "core/term_image.c", "lua/env.c",
  "lua/gazetteer.c", "lua/rows.c", "lua/table.c", "lua/image.c", "lua/convert.c",
  "lua/convert_date.c", "lua/convert_money.c", "lua/convert_number.c", "lua/convert_unit.c",
  "lua/convert_words.c", "lua/strings.c", "lua/state.c" }
local C_CALLS = { BAD = 3, LIMIT = 3, pst_err_say = 4, luaL_error = 2, pst_env_complain = 2,
  luaL_argcheck = 4, bad_answer = 3, lua_pushliteral = 2, pst_table_bad = 2, pst_job_fail = 3,
  snprintf = 3 }
local LUA_FILES = { "lua/postil/env.lua", "lua/postil/env_errors.lua",
  "lua/postil/env_options.lua", "lua/postil/env_safe.lua", "lua/postil/env_statements.lua",
  "lua/postil/env_tables.lua", "lua/postil/env_terms.lua", "lua/postil/env_tests.lua",
  "lua/postil/init.lua", "lua/postil/sources.lua", "lua/postil/characters.lua",
  "lua/postil/trust.lua" }
local LUA_CALLS = { error = 1, trouble = 2, wrong = 1, complain = 3, refuse = 1 }

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

-- What stands in a message for what is put in.
local HOLE = "…"

-- A pattern for a message with holes at the end of what is said.
local function pattern_of(words)
  local pattern = words:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub(HOLE, ".-")
  return "^.-" .. pattern .. "$"
end

-- ---- C ------------------------------------------------------------------------------------------

local C_ESCAPES = { n = "\n", t = "\t" }

local function c_string(text)
  text = text:gsub("\\x(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
    :gsub("\\(.)", function(c) return C_ESCAPES[c] or c end)
  return (text:gsub("%%[%-%d%.%*hlz]*(.)", function(c) return c == "%" and "%" or HOLE end))
end

-- Comments become blanks, so that places stay.
local function without_comments(text)
  local function blank(c) return (c:gsub("[^\n]", " ")) end
  return (text:gsub("/%*.-%*/", blank))
end

-- Where the string or character that begins at `at` ends.
local function quoted_end(text, at)
  local quote, i = text:sub(at, at), at + 1
  while text:sub(i, i) ~= quote do i = i + (text:sub(i, i) == "\\" and 2 or 1) end
  return i
end

-- The strings of argument `wanted` of the call whose bracket opens at `at`; strings side by side are
-- one, those of a choice several.
local function c_argument(text, at, wanted)
  local depth, n, i, found, last = 0, 1, at, {}, nil
  while i <= #text do
    local c = text:sub(i, i)
    if c == "(" or c == "{" or c == "[" then depth = depth + 1 end
    if c == ")" or c == "}" or c == "]" then depth = depth - 1 end
    if depth == 0 then return found end
    if depth == 1 and c == "," then n = n + 1 end
    if c == '"' or c == "'" then
      local stop = quoted_end(text, i)
      if n == wanted and c == '"' and depth == 1 then
        local words = c_string(text:sub(i + 1, stop - 1))
        if last and not text:sub(last + 1, i - 1):find "%S" then
          found[#found].words = found[#found].words .. words
        else
          found[#found + 1] = { words = words, at = i }
        end
        last = stop
      end
      i = stop
    end
    i = i + 1
  end
  return found
end

local function c_messages(path, text, put)
  text = without_comments(text)
  for name, at in text:gmatch "([%a_][%w_]*)()%(" do
    if C_CALLS[name] and not text:sub(1, at):find "#define [^\n]*$" then
      for _, one in ipairs(c_argument(text, at, C_CALLS[name])) do
        local words = name == "luaL_argcheck" and "(" .. one.words .. ")" or one.words
        put(path, text, one.at, words)
      end
    end
  end
end

-- ---- Lua ----------------------------------------------------------------------------------------

-- The words of the expression of tokens from i on: what it joins, with holes.
local function lua_words(text, tokens, i)
  local words, depth, hole = {}, 0, false
  while tokens[i] do
    local token = tokens[i]
    local sign = token.kind ~= "string" and token.text
    if sign == ")" or sign == "}" or sign == "]" then
      if depth == 0 then break end
      depth = depth - 1
    elseif depth == 0 and (sign == "," or sign == "end" or sign == "and") then
      break
    elseif sign == "(" or sign == "{" or sign == "[" then
      depth, hole = depth + 1, true
    elseif depth == 0 and token.kind == "string" then
      words[#words + 1] = (hole and HOLE or "") .. source.value(text, token)
      hole = false
    elseif sign ~= ".." then
      hole = true
    end
    i = i + 1
  end
  return table.concat(words) .. (hole and HOLE or "")
end

-- Where argument `wanted` of the call whose bracket is token i begins.
local function lua_argument(tokens, i, wanted)
  local depth, n = 0, 1
  while tokens[i] do
    local sign = tokens[i].kind ~= "string" and tokens[i].text
    if sign == "(" or sign == "{" or sign == "[" then depth = depth + 1 end
    if sign == ")" or sign == "}" or sign == "]" then depth = depth - 1 end
    if depth == 1 and (sign == "," or sign == "(") then
      if n == wanted then return i + 1 end
      n = n + 1
    end
    if depth == 0 then return nil end
    i = i + 1
  end
end

local function lua_messages(path, text, put)
  local tokens = source.tokens(text)
  for i, token in ipairs(tokens) do
    local wanted = token.kind == "name" and LUA_CALLS[token.text]
    local defined = tokens[i - 1] and tokens[i - 1].text == "function"
    local first
    if wanted and not defined and tokens[i + 1].text == "(" then
      first = lua_argument(tokens, i + 1, wanted)
    elseif token.text == "return" and tokens[i + 1].text == "nil" and tokens[i + 2].text == "," then
      first = i + 3
    end
    if first then put(path, text, token.first, lua_words(text, tokens, first)) end
  end
end

-- ---- all ----------------------------------------------------------------------------------------

function M.all(root)
  local list = {}
  local function put(path, text, at, words)
    if words:gsub(HOLE, ""):find "%a.* " then
      list[#list + 1] = { file = path, line = (source.place(text, at)), words = words,
        pattern = pattern_of(words) }
    end
  end
  for _, path in ipairs(C_FILES) do c_messages(path, slurp(root .. path), put) end
  for _, path in ipairs(LUA_FILES) do lua_messages(path, slurp(root .. path), put) end
  return list
end

return M

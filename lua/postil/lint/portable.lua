-- portable.lua - what a rule file does that is not the same in every Lua (5.1 to 5.4, LuaJIT).
--
--   portable(tokens, say): say(at, words) for each place.
--
-- A rule file runs in the host's Lua, so one that was written with 5.4 meets 5.1 in an editor.
-- What rule files have of Lua's libraries is the same everywhere; here is what the language makes
-- different.

local OPERATORS = {
  ["//"] = "// is not in every Lua; write math.floor(a / b)",
  ["&"] = "& is not in every Lua",
  ["|"] = "| is not in every Lua",
  ["~"] = "~ is not in every Lua",
  ["<<"] = "<< is not in every Lua",
  [">>"] = ">> is not in every Lua",
  ["::"] = "labels for goto are not in every Lua",
}

local KEYWORD = {}
for word in ("and break do else elseif end false for function if in local nil not or repeat " ..
  "return then true until while"):gmatch "%a+" do
  KEYWORD[word] = true
end

-- An escape that Lua 5.1 takes for the letter alone, without a word.
local function check_escapes(token, say)
  local text, at = token.text, 2
  while true do
    at = text:find("\\", at, true)
    if not at then return end
    local c = text:sub(at + 1, at + 1)
    if c == "x" or c == "u" or c == "z" then
      say(token.at + at - 1, ("\\%s is not in every Lua; type the character"):format(c))
    elseif c:find "%w" and not c:find "[%dabfnrtv]" then
      say(token.at + at - 1,
        ("\\%s in quotes is %s alone in Lua 5.1; write the pattern in [[ ]]"):format(c, c))
    end
    at = at + 2
  end
end

local function is_text(token, text) return token ~= nil and token.text == text end

-- May a value end with this token, so that a ( behind it is a call?
local function ends_value(token)
  if not token then return false end
  if token.kind == "name" then return not KEYWORD[token.text] end
  return token.kind == "string" or token.kind == "long" or token.text == ")" or
    token.text == "]" or token.text == "}"
end

-- `local a <const>, b <close> =`
local function is_attribute(tokens, i)
  local head, behind = tokens[i - 3], tokens[i + 2]
  return is_text(tokens[i - 1], "<") and is_text(tokens[i + 1], ">") and
    (is_text(head, "local") or is_text(head, ",")) and
    (is_text(behind, "=") or is_text(behind, ","))
end

local function check_name(tokens, i, say)
  local token, before = tokens[i], tokens[i - 1]
  local field = is_text(before, ".") or is_text(before, ":")
  if token.text == "goto" then
    say(token.at, "goto is a keyword in some Luas and a name in others")
  elseif token.text == "utf8" and not field and is_text(tokens[i + 1], ".") then
    say(token.at, "there is no utf8 in rule files; p.utf8 is the same in every Lua")
  elseif (token.text == "const" or token.text == "close") and is_attribute(tokens, i) then
    say(before.at, ("<%s> is not in every Lua"):format(token.text))
  end
end

return function(source, tokens, say)
  for i, token in ipairs(tokens) do
    local before = tokens[i - 1]
    if token.kind == "string" then
      check_escapes(token, say)
    elseif token.kind == "name" then
      check_name(tokens, i, say)
    elseif token.kind == "number" and token.text:find "^0[xX].*[pP.]" then
      say(token.at, "fractions in hexadecimal are not in every Lua")
    elseif token.kind == "mark" and OPERATORS[token.text] then
      say(token.at, OPERATORS[token.text])
    elseif token.text == "(" and ends_value(before) and
      source:sub(before.at + #before.text, token.at - 1):find("\n", 1, true) then
      say(token.at, "Lua 5.1 refuses a call whose ( begins a line")
    end
  end
end

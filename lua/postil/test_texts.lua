-- test_texts.lua - the texts that a test is about.
--
--   texts.of(case, read) -> { { text=, date=, id=, tags=, spans= }, ... } | nil, message
--
-- read(name): a file beside the rule file, or nil, message.  tags are those of gold (gold.lua),
-- spans those of brackets (brackets.lua).

local brackets = require "postil.brackets"
local gold = require "postil.gold"

local M = {}

-- The line of gold for the one text of a test.
local function line_for(case, lines, text)
  local line = #lines == 1 and lines[1]
  for _, candidate in ipairs(lines) do
    if candidate.id == case.path then line = line or candidate end
  end
  if not line then return nil, ("%s: no line has the id %s"):format(case.gold, case.path or "") end
  if line.text and line.text ~= text then
    return nil, ("%s:%d: the text there is another"):format(case.gold, line.line)
  end
  line.text = text
  return { line }
end

-- Gives a line of gold its text, if it has none of its own, and its date; nil, message: it is
-- wrong.
local function complete(line, case, read)
  local words
  line.date = line.date or case.date
  if not line.text then
    line.text, words = read(tostring(line.id or ""))
    if not line.text then return nil, 'no "text" in it, and of "id": ' .. tostring(words) end
  end
  for i, tag in ipairs(line.tags) do
    if tag["end"] > #line.text then return nil, ("tag %d ends behind the text"):format(i) end
  end
  return true
end

-- The lines of the gold of a test, or the one for `text`.
local function texts_of_gold(case, text, read)
  local source, lines, words = case.source
  if not source then source, words = read(case.gold) end
  if source then lines, words = gold.read(source, case.gold) end
  if lines and text then lines, words = line_for(case, lines, text) end
  for _, line in ipairs(lines or {}) do
    local ok
    ok, words = complete(line, case, case.read or read)
    if not ok then return nil, ("%s:%d: %s"):format(case.gold, line.line, words) end
  end
  return lines, words
end

local function text_with_brackets(snippet)
  local text, spans = brackets.read(snippet)
  if not text then return nil, spans end
  if #spans == 0 then return nil, "yes has no [ ]; for nowhere write no" end
  return { { text = text, spans = spans } }
end

function M.of(case, read)
  local text, words = case.text
  if case.kind == "yes" then return text_with_brackets(text) end
  if case.path then
    text, words = read(case.path)
    if not text then return nil, words end
  end
  if case.gold then return texts_of_gold(case, text, read) end
  return { { text = text, date = case.date, id = case.path } }
end

return M

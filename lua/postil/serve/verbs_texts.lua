-- verbs_texts.lua - verbs of the protocol that open, change and close texts.
--
-- A verb is { fields = (fields.lua), of_text = about a text that is open, run = function(session,
-- values, text) }: members of the answer (write.lua); or nil, words, members behind the error.

local day = require "postil.day"
local diagnostics = require "postil.editor.diagnostics"
local postil = require "postil"
local write = require "postil.serve.write"

local PROTOCOL = 1
local UNITS = { byte = true, char = true, utf16 = true }

local M = {}

M.hello = { fields = { unit = "string?", protocol = "count?" } }

function M.hello.run(session, values)
  if session.begun then return nil, '"hello" must come first' end
  if values.protocol and values.protocol ~= PROTOCOL then
    return nil, ("this postil speaks protocol %d"):format(PROTOCOL)
  end
  local unit = values.unit or "byte"
  if not UNITS[unit] then return nil, '"unit" must be "byte", "char" or "utf16"' end
  session.unit = unit
  return { "protocol", write.whole(PROTOCOL), "version", write.string(postil.version),
    "unit", write.string(unit) }
end

-- ---- opening and closing ------------------------------------------------------------------------

local function key_of(rules)
  return type(rules) == "table" and table.concat(rules, "\0") .. "\0" or rules
end

-- Whether an open text is opened again just with other content.
local function is_same(text, values)
  local buffer = text.buffer
  return buffer.path == values.path and buffer.date == values.date
    and key_of(buffer.rules) == key_of(values.rules)
end

M.open = { fields = { text = "name", content = "string?", file = "name?", path = "name?",
  rules = "rules?", date = "string?", version = "count?" } }

-- The content of a text, as it is said or lies in a file; nil, words.
local function content_of(values)
  if (values.content == nil) == (values.file == nil) then
    return nil, '"open" needs "content" or "file", and not both'
  end
  if values.content then return values.content end
  return postil.core.files.read(values.file)
end

-- An open text with other content; it is open no more if that is none that can be tagged.
local function reset(session, text, content)
  local ok, words = text:reset(content)
  if ok then return text end
  session:close(text)
  return nil, words
end

function M.open.run(session, values)
  if values.date and not day.is_day(values.date) then
    return nil, '"date" must be a day like 2023-02-22'
  end
  local text = session.texts[values.text]
  local content, words, errors = content_of(values)
  if not content then
    if text then session:close(text) end
    return nil, words
  end
  if text and is_same(text, values) then
    text, words = reset(session, text, content)
  else
    if text then session:close(text) end
    text, words, errors = session:open(values.text, { text = content, path = values.path,
      rules = values.rules, date = values.date })
  end
  if not text then
    return nil, words, errors and { "errors", write.messages(diagnostics.rows(errors)) }
  end
  session:touch(text)
  text.version = values.version or 0
  return text:left_out()
end

M.close = { of_text = true, fields = { text = "name" } }

function M.close.run(session, _, text)
  session:close(text)
  return {}
end

M.wait = { of_text = true, fields = { text = "name" } }

function M.wait.run(_, _, text) return { wait = text } end

M.quit = { fields = {} }

function M.quit.run(session)
  session.ended = true
  return {}
end

-- ---- edits --------------------------------------------------------------------------------------

-- Puts content in place of bytes, unless the text would not be as large as the editor says.
local function edit(text, values, first, last, content)
  local size = text.buffer:text_size() + #content - (last - first + 1)
  if values.size and values.size ~= size then
    return nil, ("the text would have %d bytes, not %d"):format(size, values.size)
  end
  local ok, words = text:edit(first, last, content)
  if not ok then return nil, words end
  text.version = values.version or text.version + 1
  return {}
end

M.edit = { of_text = true, fields = { text = "name", from = "place", to = "place",
  content = "string", size = "count?", version = "count?" } }

function M.edit.run(_, values, text)
  local first, words = text:byte(values.from, "from")
  if not first then return nil, words end
  local behind, why = text:byte(values.to, "to")
  if not behind then return nil, why end
  if behind < first then return nil, '"to" lies before "from"' end
  return edit(text, values, first, behind - 1, values.content)
end

M.lines = { of_text = true, fields = { text = "name", first = "line", last = "count",
  content = "string", size = "count?", version = "count?" } }

function M.lines.run(_, values, text)
  local count, content = text.lines:count(), values.content
  local first, last = values.first, values.last
  if last < first - 1 or last > count or first > count + 1 then
    return nil, ("lines %d to %d are none of the text: it has %d"):format(first, last, count)
  end
  if content ~= "" and content:sub(-1) ~= "\n" then
    return nil, '"content" must be lines that each end with \\n, or empty'
  end
  local size = text.buffer:text_size()
  local from = text.lines:byte(first, 1)
  local behind = last < count and text.lines:byte(last + 1, 1) or size + 1
  if not from then -- behind a last line that has no end
    from, content = size + 1, content ~= "" and "\n" .. content or ""
  end
  return edit(text, values, from, behind - 1, content)
end

return M

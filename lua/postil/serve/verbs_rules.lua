-- verbs_rules.lua - verbs of the protocol about rules: which a text has, files that were saved,
-- trust, and the rule file beside a text (see verbs_texts.lua for what a verb is).

local kinds = require "postil.kinds"
local notes = require "postil.editor.notes"
local postil = require "postil"
local sets = require "postil.editor.sets"
local visible = require "postil.visible"
local write = require "postil.serve.write"

local M = {}

-- Takes rules anew that use a file (nil: any), and has events tell of it.
local function reload(session, path)
  local text_of, told = {}, {}
  for _, text in ipairs(session.order) do text_of[text.buffer] = text end
  for _, result in ipairs(sets.reload(path)) do
    for _, buffer in ipairs(result.buffers) do
      local text = text_of[buffer]
      if text then
        text:rules_changed(result, told[text])
        told[text] = true
      end
    end
  end
end

M.rules = { of_text = true, fields = { text = "name" } }

function M.rules.run(_, _, text)
  local files = {}
  for i, file in ipairs(text.buffer:files()) do files[i] = write.string(file) end
  local members = { "files", write.list(files) }
  local left_out = text:left_out()
  local own = notes.beside(text.buffer)
  if own and not left_out[1] then left_out = { "path", write.string(own) } end
  for _, member in ipairs(left_out) do members[#members + 1] = member end
  return members
end

M.labels = { of_text = true, fields = { text = "name" } }

function M.labels.run(_, _, text)
  local all, list, out = text.buffer.set:labels(), {}, {}
  for _, label in ipairs(all) do
    if label:sub(1, 1) ~= "_" then list[#list + 1] = label end
  end
  table.sort(list)
  for i, label in ipairs(list) do out[i] = write.string(label) end
  return { "labels", write.list(out), "names", write.string(kinds.joined(list)) }
end

M.reload = { fields = { path = "name?" } }

function M.reload.run(session, values)
  reload(session, values.path)
  return {}
end

M.trust = { fields = { path = "name", content = "string?" } }

function M.trust.run(session, values)
  local path, shown = values.path, visible.line(values.path)
  if not path:find "%.lua$" then return nil, shown .. ": the name of a rule file ends in .lua" end
  local source, words = postil.core.files.read(path)
  if not source then return nil, shown .. ": " .. words end
  if values.content and values.content ~= source then
    return nil, shown .. ": the file holds something else than what was shown; look again"
  end
  local real, why = postil.trust():add(path, source)
  if not real then return nil, shown .. ": " .. why end
  reload(session, path)
  return { "path", write.string(real) }
end

-- ---- the rule file beside a text ----------------------------------------------------------------

-- Puts what with(source, options) makes of it into the rule file of a text.
local function add(session, text, with)
  local path, statement, line = notes.add(text.buffer, with)
  if not path then return nil, statement end
  reload(session, path)
  return { "path", write.string(path), "line", write.whole(line),
    "statement", write.string(statement) }
end

M.term = { of_text = true, fields = { text = "name", label = "name", words = "name" } }

function M.term.run(session, values, text)
  return add(session, text, function(source, options)
    return notes.with_term(source, values.label, values.words, options)
  end)
end

M.pin = { of_text = true, fields = { text = "name", label = "name", span = "span" } }

function M.pin.run(session, values, text)
  local first, last = text:bytes(values.span)
  if not first then return nil, last end
  return add(session, text, function(source, options)
    return notes.with_pin(source, text.buffer:text(), first, last, values.label, options)
  end)
end

return M

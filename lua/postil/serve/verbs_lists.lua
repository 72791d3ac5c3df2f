-- verbs_lists.lua - verbs of the protocol that list places of a text, and mend it (see
-- verbs_texts.lua for what a verb is).

local complete = require "postil.editor.complete"
local faults = require "postil.editor.faults"
local lists = require "postil.editor.lists"
local write = require "postil.serve.write"

local M = {}

local SOON = 65536 -- bytes of work that a repair waits for: what an edit before it made due is done

local function row_json(row, places)
  local members = { "span", places:span(row.first, row.last), "words", write.string(row.words) }
  local function add(name, value) members[#members + 1], members[#members + 2] = name, value end
  if row.label then add("label", write.string(row.label)) end
  if row.name then add("name", write.string(row.name)) end
  if row.count then add("count", write.whole(row.count)) end
  if row.fault then
    add("fault", write.string(row.fault))
    if row.repair then add("repair", write.string(row.repair)) end
    add("safe", write.flag(row.safe))
  end
  return write.object(members)
end

-- more: members to be put behind the rows.
local function rows_of(text, rows, more)
  local places, out = write.places(text.lines), {}
  for _, row in ipairs(rows) do places:want(row.first, row.last) end
  for i, row in ipairs(rows) do out[i] = row_json(row, places) end
  local members = { "rows", write.list(out) }
  for i, member in ipairs(more or {}) do members[2 + i] = member end
  return text:state(members)
end

M.quotes = { of_text = true, fields = { text = "name" } }

function M.quotes.run(_, _, text) return rows_of(text, lists.quotes(text.buffer)) end

M.check = { of_text = true,
  fields = { text = "name", span = "span?", near = "place?", most = "count?" } }

function M.check.run(_, values, text)
  local first, last = text:bytes(values.span)
  if not first then return nil, last end
  if values.near and not values.most then return nil, '"near" wants "most"' end
  if not values.most then return rows_of(text, lists.faults(text.buffer, first, last)) end
  local byte, words = text:byte(values.near or { 1, 1 }, "near")
  if not byte then return nil, words end
  local rows, left = lists.faults(text.buffer, first, last, { byte = byte, most = values.most })
  return rows_of(text, rows, { "left", write.whole(left) })
end

M.who = { of_text = true, fields = { text = "name", name = "name?" } }

function M.who.run(_, values, text)
  return rows_of(text, lists.who(text.buffer, values.name))
end

M.names = { of_text = true, fields = { text = "name", label = "name?" } }

function M.names.run(_, values, text)
  return rows_of(text, lists.names(text.buffer, values.label))
end

M.find = { of_text = true, fields = { text = "name", name = "name" } }

function M.find.run(_, values, text)
  if not values.name:find "%S" then return nil, '"name" is blank' end
  return rows_of(text, lists.find(text.buffer, values.name))
end

M.fix = { of_text = true, fields = { text = "name", all = "boolean?" } }

function M.fix.run(_, values, text)
  if text.busy then text:step(SOON) end
  local edits, left = faults.fixes(text.buffer, { safe_only = not values.all })
  local places, out = write.places(text.lines), {}
  for _, edit in ipairs(edits) do places:want(edit.first, edit.last) end
  for i, edit in ipairs(edits) do
    out[i] = write.object { "span", places:span(edit.first, edit.last),
      "content", write.string(edit.text) }
  end
  return text:state({ "edits", write.list(out), "left", write.whole(left) })
end

M.complete = { of_text = true, fields = { text = "name", prefix = "string?", at = "place?" } }

-- The first byte of the name that is being written in front of a place, and the byte behind it;
-- nil, words.
local function being_written(text, place)
  local behind, words = text:byte(place, "at")
  if not behind then return nil, words end
  local line = text.lines:start_of(place[1])
  return line - 1 + complete.start(text.buffer, text.buffer:text(line, behind - 1)), behind
end

function M.complete.run(_, values, text)
  if (values.prefix == nil) == (values.at == nil) then return nil, 'give "prefix" or "at"' end
  local prefix, members = values.prefix, {}
  if values.at then
    local first, behind = being_written(text, values.at)
    if not first then return nil, behind end
    prefix = text.buffer:text(first, behind - 1)
    members = { "span", write.places(text.lines):span(first, behind - 1) }
  end
  local out = {}
  for i, one in ipairs(complete.names(text.buffer, prefix)) do
    out[i] = write.object { "words", write.string(one.words), "label", write.string(one.label),
      "count", write.whole(one.count) }
  end
  members[#members + 1], members[#members + 2] = "names", write.list(out)
  return text:state(members)
end

return M

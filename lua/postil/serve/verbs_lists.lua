-- verbs_lists.lua - verbs of the protocol that list places of a text, and mend it (see
-- verbs_texts.lua for what a verb is).

local complete = require "postil.editor.complete"
local faults = require "postil.editor.faults"
local lists = require "postil.editor.lists"
local write = require "postil.serve.write"

local M = {}

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

local function rows_of(text, rows)
  local places, out = write.places(text.lines), {}
  for _, row in ipairs(rows) do places:want(row.first, row.last) end
  for i, row in ipairs(rows) do out[i] = row_json(row, places) end
  return text:state({ "rows", write.list(out) })
end

local function lister(list)
  return { of_text = true, fields = { text = "name" }, run = function(_, _, text)
    return rows_of(text, list(text.buffer))
  end }
end

M.quotes = lister(lists.quotes)

M.check = { of_text = true, fields = { text = "name", at = "place?", most = "count?" } }

function M.check.run(_, values, text)
  local byte, words = text:byte(values.at or { 1, 1 }, "at")
  if not byte then return nil, words end
  local rows, left = lists.faults(text.buffer, byte, values.most)
  local members = rows_of(text, rows)
  if values.most then
    members[#members + 1], members[#members + 2] = "left", write.whole(left)
  end
  return members
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
  local edits, left = faults.fixes(text.buffer, { safe_only = not values.all })
  local places, out = write.places(text.lines), {}
  for _, edit in ipairs(edits) do places:want(edit.first, edit.last) end
  for i, edit in ipairs(edits) do
    out[i] = write.object { "span", places:span(edit.first, edit.last),
      "content", write.string(edit.text) }
  end
  return text:state({ "edits", write.list(out), "left", write.whole(left) })
end

M.complete = { of_text = true, fields = { text = "name", prefix = "string" } }

function M.complete.run(_, values, text)
  local out = {}
  for i, one in ipairs(complete.names(text.buffer, values.prefix)) do
    out[i] = write.object { "words", write.string(one.words), "label", write.string(one.label),
      "count", write.whole(one.count) }
  end
  return text:state({ "names", write.list(out) })
end

return M

-- verbs_places.lua - verbs of the protocol about what is tagged, and what stands at a place (see
-- verbs_texts.lua for what a verb is).

local hover = require "postil.editor.hover"
local objects = require "postil.editor.objects"
local write = require "postil.serve.write"

local COLUMNS = { byte = "bytes", char = "chars", utf16 = "utf16" } -- as doc:why has them

local M = {}

local function joined(labels) return labels and #labels > 0 and table.concat(labels, "|") or nil end

-- ---- stretches ----------------------------------------------------------------------------------

M.tags = { of_text = true, fields = { text = "name", span = "span?", labels = "labels?" } }

function M.tags.run(_, values, text)
  local first, last = text:bytes(values.span)
  if not first then return nil, last end
  local tags, places, out = text.buffer:tags(first, last, joined(values.labels)),
    write.places(text.lines), {}
  for _, tag in ipairs(tags) do write.want_tag(tag, places) end
  for i, tag in ipairs(tags) do out[i] = write.tag(tag, places) end
  return text:state({ "tags", write.list(out) })
end

M.faces = { of_text = true, fields = { text = "name", span = "span?", labels = "labels?" } }

function M.faces.run(_, values, text)
  local first, last = text:bytes(values.span)
  if not first then return nil, last end
  local spans, places, out = text.buffer:spans(first, last, joined(values.labels)),
    write.places(text.lines), {}
  for i = 1, #spans, 3 do places:want(spans[i], spans[i + 1]) end
  for i = 1, #spans, 3 do
    out[#out + 1] = places:flat(spans[i], spans[i + 1])
    out[#out + 1] = write.string(text.buffer:label(spans[i + 2]))
  end
  return text:state({ "spans", write.list(out) })
end

-- ---- places -------------------------------------------------------------------------------------

M.at = { of_text = true, fields = { text = "name", at = "place", label = "name?",
  inner = "boolean?" } }

function M.at.run(_, values, text)
  local byte, words = text:byte(values.at, "at")
  if not byte then return nil, words end
  local places, out = write.places(text.lines), {}
  for i, tag in ipairs(objects.at(text.buffer, byte, values.label)) do
    local inner = values.inner and objects.inner(text.buffer, tag, byte)
    out[i] = write.tag(tag, places,
      inner and { "inner", places:span(inner.first, inner.last) } or nil)
  end
  return text:state({ "tags", write.list(out) })
end

-- Where one is led to; a span of null and words: nowhere.
local function led_to(text, found, words)
  if not found then return text:state({ "span", "null", "words", write.words(words) }) end
  local members = { "span", write.places(text.lines):span(found.first, found.last) }
  if found.label then members[3], members[4] = "label", write.string(found.label) end
  return text:state(members)
end

local function mover(move)
  return { of_text = true, fields = { text = "name", at = "place", label = "name?",
    count = "line?" }, run = function(_, values, text)
    local byte, words = text:byte(values.at, "at")
    if not byte then return nil, words end
    return led_to(text, move(text.buffer, byte, values.label, values.count))
  end }
end

M.next, M.previous = mover(objects.next), mover(objects.previous)

M.partner = { of_text = true, fields = { text = "name", at = "place" } }

function M.partner.run(_, values, text)
  local byte, words = text:byte(values.at, "at")
  if not byte then return nil, words end
  return led_to(text, objects.partner(text.buffer, byte))
end

-- ---- what is said of a place --------------------------------------------------------------------

local function list_of(lines)
  local out = {}
  for i, line in ipairs(lines) do out[i] = write.string(line) end
  return write.list(out)
end

M.hover = { of_text = true, fields = { text = "name", at = "place" } }

function M.hover.run(_, values, text)
  local byte, words = text:byte(values.at, "at")
  if not byte then return nil, words end
  return text:state({ "lines", list_of(hover.lines(text.buffer, byte)) })
end

M.why = { of_text = true, fields = { text = "name", at = "place", label = "name?" } }

function M.why.run(session, values, text)
  local byte, words = text:byte(values.at, "at")
  if not byte then return nil, words end
  local lines, place = hover.why(text.buffer, byte, values.label, COLUMNS[session.unit])
  if not lines then return nil, place end
  local members = { "lines", list_of(lines) }
  if place then
    members[3] = "place"
    members[4] = write.object { "file", write.string(place.file), "line",
      place.line and write.whole(place.line) or "null" }
  end
  return text:state(members)
end

return M

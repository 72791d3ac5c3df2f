-- changes.lua - a difference of tags (postil.difference) for people and programs; what `diff` and
-- `tag --watch` write.
--
--   changes.wanted(difference, labels)         the same of these labels (nil: all)
--   changes.lines(run, difference, doc, name)  FILE:LINE:COL: + label: text  [attributes]
--   changes.jsonl(difference, id)              one line of JSON
--   changes.sum(), add(sum, difference), is_empty(sum), summary(sum)      "+3 -1 ~2"
--
-- doc is any document of the text: it knows places.

local ansi = require "postil.ansi"
local export = require "postil.export"
local json = require "postil.json"
local visible = require "postil.visible"

local M = {}

local function of_labels(tags, labels)
  if not labels then return tags end
  local list = {}
  for _, tag in ipairs(tags) do
    if labels[tag.label] then list[#list + 1] = tag end
  end
  return list
end

function M.wanted(found, labels)
  return { new = of_labels(found.new, labels), gone = of_labels(found.gone, labels),
    changed = of_labels(found.changed, labels) }
end

function M.sum()
  return { new = 0, gone = 0, changed = 0 }
end

function M.add(sum, found)
  for _, kind in ipairs { "new", "gone", "changed" } do
    sum[kind] = sum[kind] + #found[kind]
  end
end

function M.is_empty(sum)
  return sum.new + sum.gone + sum.changed == 0
end

function M.summary(sum)
  return ("+%d -%d ~%d\n"):format(sum.new, sum.gone, sum.changed)
end

local function place_words(doc, first, unit)
  return ("%d:%d"):format(export.place(doc, first, unit))
end

-- "name: Lund -> Karl Lund"; a link that only moved shows from where to where.
local function change_words(change, doc, text, unit)
  local from, to = change.from, change.to
  local a = from ~= nil and " " .. export.value_line(text, from) or ""
  local b = to ~= nil and " " .. export.value_line(text, to) or ""
  if a == b and type(from) == "table" and type(to) == "table" then
    a = ("%s (%s)"):format(a, place_words(doc, from.first, unit))
    b = ("%s (%s)"):format(b, place_words(doc, to.first, unit))
  end
  return change.attribute .. ":" .. a .. " ->" .. b
end

local function changed_words(tag, doc, text, unit)
  local words = {}
  if tag.was then
    words[1] = change_words({ attribute = "text", from = tag.was.text, to = tag.text }, doc, text)
  end
  for _, change in ipairs(tag.changes) do
    words[#words + 1] = change_words(change, doc, text, unit)
  end
  return "  [" .. table.concat(words, ", ") .. "]"
end

-- All three lists as one, by place.
local function in_order(found)
  local list = {}
  for rank, kind in ipairs { "gone", "changed", "new" } do
    for i, tag in ipairs(found[kind]) do
      list[#list + 1] = { tag = tag, kind = kind, rank = rank, n = i }
    end
  end
  table.sort(list, function(a, b)
    if a.tag.first ~= b.tag.first then return a.tag.first < b.tag.first end
    if a.rank ~= b.rank then return a.rank < b.rank end
    return a.n < b.n
  end)
  return list
end

local SIGN = { new = "+", gone = "-", changed = "~" }

function M.lines(run, found, doc, name)
  local text, unit, out = doc:text(), run.options.columns, {}
  for i, one in ipairs(in_order(found)) do
    local tag, kind = one.tag, one.kind
    out[i] = ("%s:%s: %s %s: %s%s\n"):format(visible.line(name),
      place_words(doc, tag.first, unit), ansi.dress(SIGN[kind], run.styles[kind], run.color),
      tag.label, visible.line(tag.text), kind == "changed"
      and changed_words(tag, doc, text, unit) or export.attribute_words(text, tag.attributes))
  end
  return table.concat(out)
end

-- ---- JSON ---------------------------------------------------------------------------------------

local function span_json(span)
  return ('"start":%d,"end":%d'):format(span.first - 1, span.last)
end

local function value_json(value)
  if type(value) == "string" then return json.string(value) end
  if type(value) == "number" then return json.number(value) end
  if type(value) ~= "table" then return tostring(value) end -- nil is told by its absence
  return "{" .. span_json(value) .. (value.name and ',"name":' .. json.string(value.name) or "")
    .. "}"
end

local function change_json(change)
  local words = {}
  for _, side in ipairs { "from", "to" } do
    if change[side] ~= nil then
      words[#words + 1] = ('"%s":%s'):format(side, value_json(change[side]))
    end
  end
  return json.string(change.attribute) .. ":{" .. table.concat(words, ",") .. "}"
end

local function list_json(tags)
  local out = {}
  for i, tag in ipairs(tags) do
    local words = { span_json(tag), '"label":' .. json.string(tag.label),
      '"text":' .. json.string(tag.text) }
    if tag.was then words[#words + 1] = '"was":{' .. span_json(tag.was) .. "}" end
    if tag.changes then
      local changes = {}
      for k, change in ipairs(tag.changes) do changes[k] = change_json(change) end
      words[#words + 1] = '"changes":{' .. table.concat(changes, ",") .. "}"
    elseif tag.name ~= tag.text and tag.label ~= "quote" then
      words[#words + 1] = '"name":' .. json.string(tag.name)
    end
    out[i] = "{" .. table.concat(words, ",") .. "}"
  end
  return "[" .. table.concat(out, ",") .. "]"
end

function M.jsonl(found, id)
  return ('{"id":%s,"unit":"byte","new":%s,"gone":%s,"changed":%s}\n'):format(id,
    list_json(found.new), list_json(found.gone), list_json(found.changed))
end

return M

-- why.lua - `postil why FILE:LINE:COL [LABEL]`: what stands at a place and why, what lost there and
-- to whom, and what came near.  Ends with 1 when there is nothing to tell.

local ansi = require "postil.ansi"
local documents = require "postil.command.documents"
local json = require "postil.json"
local options = require "postil.command.options"
local place = require "postil.command.place"
local why = require "postil.why"

-- How the word for a kind is dressed: what is there, what lost, and the rest.
local STYLE = { tag = "line", merged = "line", amended = "line", speaker = "line", fault = "match",
  hidden = "match", vetoed = "match", beaten = "match", refused = "match", limit = "match",
  cost = "speaker", around = "speaker", near = "speaker" }

local function entry_words(run, entry)
  return ansi.dress(("%-8s"):format(entry.kind), run.styles[STYLE[entry.kind]], run.color)
    .. " " .. why.words(entry) .. "\n"
end

-- A rule and what it found, as members of JSON.
local function who_json(e)
  local out = { ('"start":%d,"end":%d,"text":%s'):format(e.first - 1, e.last,
    json.string(e.text)) }
  if e.label then out[#out + 1] = '"label":' .. json.string(e.label) end
  if e.rule then
    out[#out + 1] = ('"rule":%s,"rule_file":%s,"rule_line":%s'):format(json.string(e.rule),
      json.string(e.file), e.line and ("%d"):format(e.line) or "null")
  end
  return table.concat(out, ",")
end

local function entry_json(entry, id)
  local out = { ('{"id":%s,"unit":"byte","kind":%s'):format(id, json.string(entry.kind)) }
  if entry.how then out[#out + 1] = '"how":' .. json.string(entry.how) end
  out[#out + 1] = who_json(entry)
  if entry.by then out[#out + 1] = '"by":{' .. who_json(entry.by) .. "}" end
  if entry.match then out[#out + 1] = '"match":{' .. who_json(entry.match) .. "}" end
  if entry.at then out[#out + 1] = ('"at":%d'):format(entry.at - 1) end
  if entry.wanted then out[#out + 1] = '"wanted":' .. json.string(entry.wanted) end
  if entry.cost then out[#out + 1] = ('"cost":%d'):format(entry.cost) end
  if entry.margin then out[#out + 1] = ('"margin":%d'):format(entry.margin) end
  return table.concat(out, ",") .. "}\n"
end

local function explain(run, doc, id)
  local unit, asked = run.options.columns, run.options.place
  local at = place.find(doc, asked, unit)
  if not at then return run:complain(asked.words, "the text has no such place") end
  local list, words = doc:why(at, asked.label, unit)
  if not list then
    local guess = asked.label and options.guess(asked.label, run.set:labels())
    return run:complain(asked.label or asked.words,
      words .. (guess and " (did you mean " .. guess .. "?)" or ""))
  end
  local before
  for _, entry in ipairs(list) do
    local line = run.options.to == "jsonl" and entry_json(entry, id) or entry_words(run, entry)
    if line ~= before then run:write(line) end -- the same from another place says nothing more
    before = line
  end
  return #list > 0
end

return function(run)
  local told = false
  documents.each(run, function(doc, _, _, id) told = explain(run, doc, id) end, true)
  return told and 0 or 1
end

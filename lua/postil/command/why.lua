-- why.lua - `postil why FILE:LINE:COL [LABEL]`: what stands at a place and why, what lost there and
-- to whom, and what came near.  Ends with 1 when there is nothing to tell, and says so.

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

local WORD_MAX = 60 -- bytes of a word that are looked at before the place

-- What stands at a place, in words: the word there, else the sign.
local function seen(text, at)
  if at > #text or text:find("^[\r\n]", at) then return "the end of the line" end
  if text:find("^%s", at) then return "a blank" end
  local last = text:match("^[%w\128-\255]+()", at)
  if not last then return why.quoted(text:sub(at, at)) end
  local before = text:sub(math.max(1, at - WORD_MAX), at - 1):match "[%w\128-\255]*$"
  return why.quoted(before .. text:sub(at, last - 1))
end

-- That there is nothing to tell, and of what.
local function note_nothing(run, doc, at)
  local asked = run.options.place
  run:note(("%s: %s is tagged at %s, and no rule%s came near"):format(asked.words,
    asked.label and "no " .. asked.label or "nothing",
    seen(doc:text(), at), asked.label and " of that label" or ""))
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
  if #list == 0 then note_nothing(run, doc, at) end
  return #list > 0
end

return function(run)
  local told = false
  documents.each(run, function(doc, _, _, id) told = explain(run, doc, id) end, true)
  return told and 0 or 1
end

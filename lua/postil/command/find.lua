-- find.lua - `postil find NAME`: every mention of a name, later short forms and the pronouns that
-- stand for a speaker included, as grep would print them: FILE:LINE:COL:the line.

local ansi = require "postil.ansi"
local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local matches = require "postil.command.matches"
local visible = require "postil.visible"

-- Labels that say something about text, not names.
local NO_NAME = { quote = true, headline = true, dateline = true, teaser = true }

-- Mentions in a document, by place, each once: { first, last, name, label }.
local function mentions(doc, wanted)
  local list, seen = {}, {}
  local function add(first, last, name, label)
    local key = first .. "-" .. last
    if seen[key] or not wanted(name) then return end
    seen[key] = true
    list[#list + 1] = { first = first, last = last, name = name, label = label }
  end
  for tag in doc:each() do
    if not NO_NAME[tag.label] then add(tag.first, tag.last, tag.name, tag.label) end
  end
  for tag in doc:each "quote" do
    local speaker = tag.speaker
    if type(speaker) == "table" and speaker.name then
      add(speaker.first, speaker.last, speaker.name, "speaker")
    end
  end
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    return a.last > b.last
  end)
  return list
end

local AROUND = 120 -- characters shown before and behind a mention at most
local BYTES = 4 * AROUND + 4 -- looked at on each side; many mentions may be in one long line

-- Where the character begins that is n characters before byte `at` of a text, `first` at least.
local function back(text, at, first, n)
  while n > 0 and at > first do
    at = at - 1
    local byte = text:byte(at)
    if byte < 128 or byte > 191 then n = n - 1 end
  end
  return at
end

-- Where the character begins that is n characters behind byte `at`, `stop` at most.
local function forth(text, at, stop, n)
  while n > 0 and at < stop do
    at = at + 1
    local byte = text:byte(at)
    if not byte or byte < 128 or byte > 191 then n = n - 1 end
  end
  return at
end

-- The line around a mention in three pieces: before, the mention, behind.  A mention that runs over
-- a line end is cut there, and of a long line only the nearer part is shown, with … for the rest.
local function line_around(doc, text, mention)
  local _, column = doc:place(mention.first)
  local line = mention.first - column + 1
  local first = back(text, mention.first, math.max(line, mention.first - BYTES), AROUND)
  local reach = math.min(#text, mention.last + BYTES)
  local stop = text:sub(mention.first, reach):find "[\r\n]"
  stop = stop and mention.first + stop - 1 or reach + 1
  local last = math.min(mention.last, stop - 1)
  local cut = forth(text, last + 1, stop, AROUND)
  return (first > line and "…" or "") .. text:sub(first, mention.first - 1),
    text:sub(mention.first, last),
    text:sub(last + 1, cut - 1) .. (cut < stop and "…" or "")
end

local function mention_json(doc, text, mention, id, unit)
  local line, column = export.place(doc, mention.first, unit)
  return ('{"id":%s,"unit":"byte","start":%d,"end":%d,"line":%d,"column":%d,"label":%s,"name":%s,'
    .. '"text":%s}\n'):format(id, mention.first - 1, mention.last, line, column,
    json.string(mention.label), json.string(mention.name),
    json.string(text:sub(mention.first, mention.last)))
end

local function mention_words(run, doc, text, mention, file)
  local line, column = export.place(doc, mention.first, run.options.columns)
  local before, middle, behind = line_around(doc, text, mention)
  local function dress(words, style)
    return ansi.dress(visible.line(words), run.styles[style], run.color)
  end
  return ("%s:%s:%d:%s%s%s\n"):format(dress(file, "file"), dress(tostring(line), "line"), column,
    visible.line(before), dress(middle, "match"), visible.line(behind))
end

return function(run)
  local wanted = matches.name(run.name)
  local found = false
  documents.each(run, function(doc, text, file, id)
    local out = {}
    for i, mention in ipairs(mentions(doc, wanted)) do
      if run.options.to == "jsonl" then
        out[i] = mention_json(doc, text, mention, id, run.options.columns)
      else
        out[i] = mention_words(run, doc, text, mention, file)
      end
    end
    found = found or #out > 0
    run:write(table.concat(out))
  end)
  return found and 0 or 1
end

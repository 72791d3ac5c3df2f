-- who.lua - `postil who`: who said what, most quoted first, those without a speaker last.
--
-- Quotations inside others count with those; titles and scare quotes that nobody speaks are left
-- out.

local ansi = require "postil.ansi"
local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local matches = require "postil.command.matches"
local visible = require "postil.visible"

local function is_speech(tag)
  if (tag.depth or 0) > 0 then return false end
  return tag.speaker ~= nil or tag.kind ~= "title" and tag.kind ~= "scare"
end

-- Canonical name of the speaker; nil when it is not known (a pronoun that nothing resolves).
local function speaker_name(tag)
  local speaker = tag.speaker
  if type(speaker) == "string" then return speaker end
  return type(speaker) == "table" and speaker.name or nil
end

-- All quotations by speaker: a list of { name =, quotes = }; name nil: nobody known.
local function collect(run)
  local groups, by_name, nobody = {}, {}, { quotes = {} }
  documents.each(run, function(doc, text, name, id)
    for tag in doc:each "quote" do
      if is_speech(tag) then
        local speaker = speaker_name(tag)
        local group = speaker and by_name[speaker] or not speaker and nobody
        if not group then
          group = { name = speaker, quotes = {}, n = #groups }
          by_name[speaker], groups[#groups + 1] = group, group
        end
        local line, column = export.place(doc, tag.first, run.options.columns)
        table.insert(group.quotes, { file = name, id = id, line = line, column = column,
          first = tag.first, last = tag.last, text = text:sub(tag.first, tag.last),
          kind = tag.kind, said = not speaker and ansi.speaker_words(text, tag) or nil })
      end
    end
  end)
  table.sort(groups, function(a, b)
    if #a.quotes ~= #b.quotes then return #a.quotes > #b.quotes end
    return a.name < b.name
  end)
  if #nobody.quotes > 0 then groups[#groups + 1] = nobody end
  return groups
end

local function group_json(group)
  local quotes = {}
  for i, q in ipairs(group.quotes) do
    quotes[i] = ('{"id":%s,"start":%d,"end":%d,"line":%d,"column":%d,%s"text":%s}'):format(q.id,
      q.first - 1, q.last, q.line, q.column,
      q.kind and '"kind":' .. json.string(q.kind) .. "," or "", json.string(q.text))
  end
  return ('{"speaker":%s,"count":%d,"unit":"byte","quotes":[%s]}\n'):format(
    group.name and json.string(group.name) or "null", #quotes, table.concat(quotes, ","))
end

local function group_words(run, group)
  local name = group.name and visible.line(group.name) or "no speaker known"
  local count = #group.quotes
  local out = { ("%s: %d %s\n"):format(
    ansi.dress(name, group.name and run.styles.person or run.styles.speaker, run.color), count,
    count == 1 and "quotation" or "quotations") }
  for _, q in ipairs(group.quotes) do
    out[#out + 1] = ("  %s:%d:%d: %s%s\n"):format(
      ansi.dress(visible.line(q.file), run.styles.file, run.color), q.line, q.column,
      ansi.dress(visible.line(q.text), run.styles.quote, run.color),
      q.said and "  ‹" .. visible.line(q.said) .. "›" or "")
  end
  return table.concat(out)
end

return function(run)
  local wanted = run.options.speaker and matches.name(run.options.speaker)
  local found = false
  for _, group in ipairs(collect(run)) do
    if not wanted or group.name and wanted(group.name) then
      run:write(run.options.to == "jsonl" and group_json(group) or group_words(run, group))
      found = true
    end
  end
  return wanted and not found and 1 or 0
end

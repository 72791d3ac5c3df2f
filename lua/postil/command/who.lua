-- who.lua - `postil who`: who said what, most quoted first, those without a speaker last
-- (said.lua).

local ansi = require "postil.ansi"
local documents = require "postil.command.documents"
local export = require "postil.export"
local json = require "postil.json"
local matches = require "postil.matches"
local said = require "postil.said"
local visible = require "postil.visible"

-- All quotations by speaker: a list of { name =, quotes = }; name nil: nobody known.
local function collect(run)
  local groups = said.groups()
  documents.each(run, function(doc, text, name, id)
    for tag in doc:each "quote" do
      if said.is_speech(tag) then
        local speaker = said.speaker(tag)
        local line, column = export.place(doc, tag.first, run.options.columns)
        groups:add(speaker, { file = name, id = id, line = line, column = column,
          first = tag.first, last = tag.last, text = text:sub(tag.first, tag.last),
          kind = tag.kind, said = not speaker and ansi.speaker_words(text, tag) or nil })
      end
    end
  end)
  return groups:list()
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

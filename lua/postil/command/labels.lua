-- labels.lua - `postil labels`: the labels that rules give, what is known of each tag, which rules
-- give it, and an example.

local json = require "postil.json"
local names = require "postil.called"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

local WIDTH = 80

-- Words behind a head, in lines of WIDTH columns; further lines begin below the first word.
local function wrap(head, words, separator)
  local lines, line = {}, head
  local blank, column = (" "):rep(unicode.width(head)), unicode.width(head)
  local room, empty = WIDTH - column, true
  for i, word in ipairs(words) do
    word = word .. (i < #words and separator or "")
    local width = unicode.width(word) + (empty and 0 or 1)
    if width > room and not empty then
      lines[#lines + 1] = line
      line, room, empty, width = blank, WIDTH - column, true, width - 1
    end
    line = line .. (empty and "" or " ") .. word
    room, empty = room - width, false
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n") .. "\n"
end

-- "news/titled person.lua:52"; a rule without a name is called by its place already.
local function rule_words(rule, called)
  local name = called.is_named(rule) and visible.line(rule.name) .. " " or ""
  return (rule.verb == "tag" and "" or rule.verb .. " ") .. name .. called.place(rule)
end

local function counted(n, one, many) return ("%d %s"):format(n, n == 1 and one or many) end

-- One line of text, cut where it is longer than `room` columns.
local function short(text, room)
  text = visible.line((text:gsub("%s+", " ")))
  if unicode.width(text) <= room then return text end
  local cut, n = {}, 0
  for character in text:gmatch "[%z\1-\127\192-\255][\128-\191]*" do
    n = n + unicode.width(character)
    if n >= room then break end
    cut[#cut + 1] = character
  end
  return table.concat(cut) .. "…"
end

local function example_of(entry)
  if entry.example then return entry.example end
  return entry.term
end

local function describe(entry, width, called)
  local head = entry.label .. (" "):rep(width - #entry.label + 2)
  local counts = { counted(#entry.rules, "rule", "rules") }
  if entry.terms > 0 then counts[2] = counted(entry.terms, "term", "terms") end
  local out = { wrap(head, counts, ",") }
  local indent = (" "):rep(width + 2)
  local attributes, rules = {}, {}
  for i, attribute in ipairs(entry.attributes) do
    attributes[i] = attribute.name .. " (" .. table.concat(attribute.how, ", ") .. ")"
  end
  for i, rule in ipairs(entry.rules) do rules[i] = rule_words(rule, called) end
  if #attributes > 0 then out[#out + 1] = wrap(indent .. "attributes  ", attributes, ",") end
  if #rules > 0 then out[#out + 1] = wrap(indent .. "rules       ", rules, ",") end
  local example = example_of(entry)
  if example then
    out[#out + 1] = indent .. "example     " .. short(example, WIDTH - width - 14) .. "\n"
  end
  return table.concat(out)
end

local function list_json(list, one)
  local out = {}
  for i, item in ipairs(list) do out[i] = one(item) end
  return "[" .. table.concat(out, ",") .. "]"
end

local function rule_json(rule)
  return ('{"name":%s,"verb":%s,"file":%s,"line":%s,"patterns":%d,"terms":%d}'):format(
    json.string(rule.name), json.string(rule.verb), json.string(rule.file),
    rule.line and json.number(rule.line) or "null", rule.patterns, rule.terms)
end

local function attribute_json(attribute)
  return ('{"name":%s,"set":%s}'):format(json.string(attribute.name),
    list_json(attribute.how, json.string))
end

local function label_json(entry)
  local example = example_of(entry)
  return ('{"label":%s,"terms":%d,"attributes":%s,"rules":%s,"example":%s}\n'):format(
    json.string(entry.label), entry.terms, list_json(entry.attributes, attribute_json),
    list_json(entry.rules, rule_json), example and json.string(example) or "null")
end

return function(run)
  local list, width, called = {}, 0, names.of(run.set.rules)
  for _, entry in ipairs(run.set:describe()) do
    if run.options.all or not entry.helper then
      list[#list + 1] = entry
      width = math.max(width, #entry.label)
    end
  end
  for i, entry in ipairs(list) do
    local jsonl = run.options.to == "jsonl"
    run:write(jsonl and label_json(entry)
      or (i > 1 and "\n" or "") .. describe(entry, width, called))
  end
  return 0
end

-- mentions.lua - where a name is mentioned, short forms and pronouns that stand for a speaker
-- included.
--
--   mentions.of(doc, wanted)   by place, each once: { first=, last=, name=, label= }; wanted(name)

-- Labels that say something about text, not names.
local NO_NAME = { quote = true, headline = true, dateline = true, teaser = true }

local M = {}

function M.of(doc, wanted)
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

return M

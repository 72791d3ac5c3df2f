-- corpus.lua - writes a corpus of made-up news for the benchmark: the same bytes for the same seed.
--
--   lua5.4 corpus.lua plain|mixed MEGABYTES DIRECTORY
--
-- Writes DIRECTORY/NAME.txt (all articles), NAME.jsonl (one a line) and NAME.one.txt (an article of
-- 8 kB).  `mixed` has accents, curly and foreign marks and now and then a paragraph in another
-- script.  Nobody and nothing in it exists; some marks are missing or wrong on purpose.

local kind, megabytes, directory = arg[1], tonumber(arg[2]), arg[3]
local mixed = kind == "mixed"

-- A small generator of its own: the same numbers on every machine.
local state = mixed and 20250 or 19870
local function random(n)
  state = (state * 1103515245 + 12345) % 2147483648
  return state // 65536 % n + 1
end
local function one(list) return list[random(#list)] end
local function chance(percent) return random(100) <= percent end

local function words(text)
  local list = {}
  for word in text:gmatch "[^|]+" do list[#list + 1] = word end
  return list
end

local W = {
  given = words(mixed and "Zoë|André|Søren|Łucja|Jürgen|Beatriz|Hélène|Nuño|Ágnes|Jiří|Øyvind|Inês"
    or "Martha|Edwin|Clara|Peter|Ruth|Simon|Alice|Victor|Nora|Henry|Grace|Walter|Irene|Oscar"),
  family = words(mixed and "Müller|Lefèvre|Núñez|Ødegård|Wójcik|Čapek|Gonçalves|Szabó|Strömberg"
    or "Hartley|Morrow|Pellham|Ashdown|Quill|Tanner|Voss|Brackett|Loring|Penrose|Stroud|Whitlow"),
  title = words "Mr|Ms|Dr|President|Senator|Gen.|Prime Minister|Judge|Professor|Mayor|Captain",
  role = words("the finance minister|a spokeswoman|the chief executive|a union leader|an analyst|"
    .. "the company's chairman|a witness|the head of the agency|a former ambassador|the coach"),
  place = words(mixed and "Kraków|Málaga|São Paulo|Zürich|Malmö|Québec|Besançon|Gdańsk|Århus"
    or "Chicago|London|Nairobi|Geneva|Lagos|Madrid|Toronto|Cairo|Dublin|Boston|Jakarta"),
  country = words "France|Kenya|Brazil|Japan|Norway|Canada|Egypt|India|Peru|Germany|Australia",
  org = words("the Harbour Trust|Norwell Bank|Quillon Industries Inc.|the Lakeside University|"
    .. "the Ministry of Transport|Ashdown & Sons Ltd|the Coastal Workers Union|Tessel Airlines"),
  subject = words("the new harbour|a cut in wages|the flood defences|the school reform|oil prices|"
    .. "the vaccine programme|the railway strike|a ban on plastic bags|the border crossing"),
  verb = words "said|told reporters|added|warned|insisted|admitted|explained|announced|argued",
  claim = words("we cannot wait any longer|nobody was told what it would cost|this is a first step|"
    .. "the figures speak for themselves|people here have had enough|it will not happen again|"
    .. "there is no other way|I have never seen anything like it|we will go to court if we must|"
    .. "the work must be finished before the winter|that was a mistake, and we know it"),
  filler = words("The decision follows months of talks that came to nothing.|"
    .. "Traffic came to a halt for several hours, and shops along the river stayed shut.|"
    .. "Few had expected an answer so soon.|It was not clear who would pay for the repairs.|"
    .. "Similar plans were dropped two years ago after protests in the north of the region.|"
    .. "Rain is expected for the rest of the week, with strong winds along the coast.|"
    .. "Observers have often pointed out that the rules leave much room for doubt."),
  month = words "January|February|March|April|May|June|July|August|September|October|November",
  day = words "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
  foreign = words("Вчера в городе открыли новый мост через реку. «Мы долго ждали», — сказала Анна "
    .. "Петрова.|昨日、新しい橋が開通した。「長く待っていた」と田中市長は語った。|"
    .. "Χθες άνοιξε η νέα γέφυρα στο ποτάμι. «Περιμέναμε πολύ», είπε η Μαρία.|"
    .. "افتتح أمس جسر جديد على النهر في المدينة.|어제 강 위에 새 다리가 열렸다."),
}

-- Opening and closing marks of quotations; in `mixed` not always two of a kind.
local function marks()
  if not mixed then return '"', '"' end
  local pairs_of = { { "“", "”" }, { "“", "”" }, { "«", "»" }, { "„", "“" }, { '"', '"' } }
  local pair = one(pairs_of)
  return pair[1], pair[2]
end

local function capital(text) return (text:gsub("^%l", string.upper)) end

local function quoted(text, last)
  local open, close = marks()
  if chance(4) then close = "" elseif chance(2) then open = "" end
  if chance(8) then text = text .. (mixed and ", ‘so to speak’" or ", 'so to speak'") end
  return open .. text .. last .. close
end

local function person() return one(W.given) .. " " .. one(W.family) end

local function date()
  if chance(50) then return one(W.day) end
  return one(W.month) .. " " .. random(28) .. (chance(50) and ", " .. 1990 + random(34) or "")
end

local function money()
  return (mixed and chance(50) and "€" or "$") .. random(900)
    .. (chance(40) and "." .. random(9) or "") .. one { " million", " billion", ",000", "" }
end

local SENTENCES = {
  function(who)
    return quoted(capital(one(W.claim)), ",") .. " " .. one(W.verb) .. " " .. who .. ", "
      .. one(W.role) .. "."
  end,
  function(who)
    return one(W.title) .. " " .. who:match "%S+$" .. " " .. one(W.verb) .. " on " .. date()
      .. " that " .. one(W.claim) .. "."
  end,
  function(who)
    return quoted(capital(one(W.claim)), ",") .. " " .. who:match "%S+$" .. " "
      .. one(W.verb) .. ". " .. quoted(capital(one(W.claim)), ".")
  end,
  function(who)
    return who .. " of " .. one(W.org) .. " " .. one(W.verb) .. ": "
      .. quoted(capital(one(W.claim)), ".")
  end,
  function() return capital(one(W.org)) .. " spent " .. money() .. " on " .. one(W.subject)
    .. " in " .. one(W.place) .. ", " .. one(W.country) .. ", in " .. one(W.month) .. "." end,
  function() return "About " .. random(90) .. " percent of those asked in " .. one(W.place)
    .. " were against " .. one(W.subject) .. ", a survey by " .. one(W.org) .. " found." end,
  function() return one(W.filler) end,
  function() return one(W.filler) end,
  function() return "In " .. one(W.place) .. ", " .. one(W.subject)
    .. " has divided the council since " .. date() .. "." end,
}

local function article(bytes)
  local out = { capital(one(W.subject)) .. " divides " .. one(W.place), "",
    "By " .. person(), "" }
  local size, people = 0, { person(), person(), person() }
  while size < bytes do
    local sentences = {}
    for i = 1, 1 + random(4) do sentences[i] = one(SENTENCES)(one(people)) end
    if mixed and chance(5) then sentences = { one(W.foreign) } end
    local paragraph = table.concat(sentences, " ")
    out[#out + 1], out[#out + 2] = paragraph, ""
    size = size + #paragraph + 2
  end
  return table.concat(out, "\n")
end

local function write(name, text)
  local file = assert(io.open(directory .. "/" .. kind .. name, "wb"))
  assert(file:write(text))
  assert(file:close())
end

local texts, lines, size = {}, {}, 0
while size < megabytes * 1e6 do
  local text = article(2000 + random(8) * 1000)
  texts[#texts + 1] = text
  lines[#lines + 1] = ('{"id":%d,"text":"%s"}\n'):format(#texts,
    (text:gsub('["\\]', "\\%0"):gsub("\n", "\\n")))
  size = size + #text
end
write(".txt", table.concat(texts, "\n"))
write(".jsonl", table.concat(lines))
write(".one.txt", article(8000))

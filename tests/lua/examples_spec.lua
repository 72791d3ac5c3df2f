-- The worked examples of the rule language load, each alone with the labels that it refers to, and all as one set.

local postil = require "postil"

-- Labels that examples refer to and others define.
local LABELS = [[
tag.place "Oxford"
tag.quality "plain"
tag.nationality { terms = { "Russian", { "Chinese", is = "China" } } }
tag._stop "so"
tag._role { terms = { "official", "police" } }
tag._cue { terms = { "said", "saying", "according to" } }
tag._he { terms = { "he", "she", "they" } }
]]

local EXAMPLES = {
  one_liners = [[
tag.ship   "HMS <cap>"
tag.country "US"            tag.pron "us"
tag.office "prime minister"]],
  core = [[tag.age { "<cap> , [years:<num>] ,",  yes = "Bo, [27], ran" }]],
  context = [[tag.city { "Washington", not_after = "George|Denzel", not_before = "Post|Irving", outside = "quote" }]],
  veto = [[tag.date "Wednesday" tag.person "<cap>{2}" veto.person { "Cold War|World War|New START", "<date>" }]],
  nesting = [[tag.org { "University of <place>", nest = true }]],
  gazetteers = [[
tag.country { terms = each(read "iso_3166-1", { "$name", "$common_name", iso = "$alpha_2", is = "$alpha_2" }) }
tag.org     { file = "orgs.tsv" }]],
  regex = [==[tag.doi { [[/10\.(?<registrant>\d{4,9})\/\S+/]] }]==],
  money = [==[
local scale = { thousand = 1e3, million = 1e6, billion = 1e9, bn = 1e9, m = 1e6 }
tag.money { [[cur:(\$|€|£) amount:<num> mult:(thousand|million|billion|bn|m)?]],
  set = { currency = { from = "cur", map = { ["$"]="USD", ["€"]="EUR", ["£"]="GBP" } },
          value = function(m) return tonumber((m.amount:gsub(",", ""))) * (scale[m.mult] or 1) end },
  yes = "It paid [$3.5 million] and [£1,200]." }]==],
  dates = [[
tag.date { "day:<num>? month:(January|February|March|May|June) day2:<num>? ,? year:/(19|20)\\d\\d/",
           "(earlier|last|next)? wd:(Monday|Wednesday|Sunday)",
  keep = function(m) return not (m.month == "May" and not m.day and not m.year) end,
  set  = { iso = p.iso },
  yes  = { "on [21 February 2023], in" },  no = "They may 2 things do" }]],
  persons = [[
tag.date "Wednesday"
tag.country "Norway"
veto.person "Cold War|World War|New START"
tag._title { terms = { "Mr", "Dr", "President", "Foreign Minister", "Secretary of State", "spokesman" } }
tag.person {
  "nat:<nationality|country>? title:<_title> [name:(!<date> <cap>){2,3}]",
  "[name:<cap>{2,3}] , role:((the|a|an) ... ) &(,|.|saying)",
  set = { family = function(m) return m.nat == "Chinese" and m.name:match "^%S+" or m.name:match "%S+$" end },
  yes = { "with Russian Foreign Minister [Sergei Lavrov]. He", "[Yu Jie], a senior research fellow, said" },
  no  = "Cold War, a bad time, came" }]],
  aliases = [[
tag.person { "<cap>{2}", set = { family = "$x" } }
alias.person "(Mr|Mrs|Ms)? [=family]"
alias.person { "the nat:<nationality> (leader|president)", same = "nat", nest = true }]],
  speakers = [[
tag.person "Lavrov"
tag._source { "(the|a|an|his|her|their|one|two|several|some|other)? (!<_stop> <word>){0,4} noun:<_role>" }
quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }
amend.quote { "[<quote>] ,? source:(<word>{1,5}) cue:quoted speaker:<person> as saying" }
amend.quote { "[<quote>] ,? speaker:<person|_he> cue:<_cue> !that" }
amend.quote { "[<quote>] ,? cue:<_cue> speaker:<person|_he>" }
amend.quote { "<quote speaker> speaker:<_he|person> <_cue> (.|,) [<quote>]" }
amend.quote { "cue:(according to) speaker:<person> ,? ... [<quote>]" }
amend.quote { "speaker:<person|_he> ... , cue:<_cue> ... [<quote>]" }
amend.quote { "speaker:<person|_he> cue:<_cue> ... [<quote>]" }
amend.quote { "speaker:<person> cue:<_cue> ... : ... <para> [<quote>]" }]],
  pins = [[
quotes { locale = "en" }
pin.person { "the king", is = "Wang Yi", why = "mistranslation of the surname 王" }
pin.quote  { "said, [cooperation is ... situation,] \\\" he added", set = { speaker = "Vladimir Putin" } }]],
  blocks = [[
block.headline { at = "first line" }
block.teaser   { "^ read more : $", "^ read the following : $", lines = 2 }
ignore "teaser"]],
  names = [[
tag.country "Norway"
tag.treaty { "New START (Treaty)?", "(UN|United Nations) Charter", "<cap>{1,4} (Treaty|Convention|Accord|Protocol)" }
tag.vessel { "(frigate|destroyer|carrier) [name:<cap>{1,3}]", "[name:((USS|HMS|MV) <cap>{1,2})]" }
tag.org    { "<cap>{1,3} (Inc|Corp|Ltd|GmbH|PLC)", "<country> 's foreign ministry" }]],
}

-- Tables that an example reads.
local TABLES = {
  ["postil/rules/iso_3166-1.tsv"] = "name\tcommon_name\talpha_2\nNorway\t-\tNO\nUnited States of America\tUnited States\tUS\n",
  ["postil/rules/orgs.tsv"] = "name\tis\nAcme\tAcme Corporation\n",
}

describe("the examples of the rule language", function()
  local before = postil.loader
  setup(function()
    postil.loader = function(name)
      if TABLES[name] then return TABLES[name], name end
      return before(name)
    end
  end)
  teardown(function() postil.loader = before end)

  local names = {}
  for name in pairs(EXAMPLES) do names[#names + 1] = name end
  table.sort(names)

  it("are fifteen", function() assert.equal(15, #names) end)

  for _, name in ipairs(names) do
    it("load and pass their tests: " .. name, function()
      local set = assert(postil.load { { source = LABELS .. 'quotes {}', name = "labels.lua" },
        { source = EXAMPLES[name], name = name .. ".lua" } })
      local failures = set:test()
      local words = {}
      for i, f in ipairs(failures) do words[i] = f.message end
      assert.same({}, words)
    end)
  end

  it("load as one set", function()
    local list = { { source = LABELS, name = "labels.lua" } }
    for i, name in ipairs(names) do list[i + 1] = { source = EXAMPLES[name], name = name .. ".lua" } end
    local set, message = postil.load(list)
    assert.is_truthy(set, message)
  end)

  it("tag what they say", function()
    local set = assert(postil.load { { source = LABELS, name = "l" }, { source = EXAMPLES.gazetteers, name = "g" } })
    local tags = {}
    for tag in set:tag("From the United States to Acme."):each() do
      tags[#tags + 1] = tag.label .. " " .. tag.text .. " " .. tag.name .. " " .. tostring(tag.iso)
    end
    assert.same({ "country United States US US", "org Acme Acme Corporation nil" }, tags)
  end)
end)

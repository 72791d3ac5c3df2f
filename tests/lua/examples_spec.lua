-- The worked examples of the manual's rule language, each with what it tags, what it links and what
-- it leaves alone; then what is easy to get wrong.  Texts hold marks: "[label: words |
-- attribute=value]" (tests/cases/rules/words.case tells them all); what is not marked must not be
-- tagged.

local postil = require "postil"
local cases = require "cases"

-- A checker for texts under these rules.
local function rules(source)
  local set = assert(postil.load { source = source, name = "rules" })
  return function(text, options)
    local found = {}
    local case = { text = text }
    for key, value in pairs(options or {}) do case[key] = value end
    cases.check(case, set, function(words) found[#found + 1] = words end)
    assert.same({}, found)
  end
end

-- Rules in files of their own.
local function rules_in(files, first)
  local folder = os.tmpname()
  os.remove(folder)
  assert(os.execute("mkdir -p " .. folder))
  finally(function() os.execute("rm -rf " .. folder) end)
  for name, text in pairs(files) do
    local file = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end
  local set = assert(postil.load(folder .. "/" .. first))
  return function(text)
    local found = {}
    cases.check({ text = text }, set, function(words) found[#found + 1] = words end)
    assert.same({}, found)
  end
end

local DATES = [==[
local MONTHS = "January|February|March|April|May|June|July|August|September|October|November"
  .. "|December"
local DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
tag.date { "day:<num>? month:(" .. MONTHS .. ") day2:<num>? ,? year:/(19|20)\\d\\d/",
  "day:<num>? month:(" .. MONTHS .. ") day2:<num>?",
  "(earlier|last|next)? wd:(" .. DAYS .. ")",
  keep = function(m) return not (m.month == "May" and not m.day and not m.day2 and not m.year) end,
  set = { iso = p.iso } }
]==]

local PEOPLE = [==[
tag.nationality { terms = { "Velian", "Tarsk" } }
tag.country { terms = { "Velia" } }
tag._title { terms = {
  "Mr", "Dr", "President", "Foreign Minister", "Secretary of State", "spokesman" } }
tag.person {
  "nat:<nationality|country>? title:<_title> [name:(!<date> <cap>){2,3}]",
  "[name:<cap>{2,3}] , role:((the|a|an) ... ) &(,|.|saying)",
  set = { family = function(m) return m.name:match "%S+$" end } }
]==]

describe("examples", function()
  it("1: one-liners", function()
    local check = rules [[
tag.ship "HMS <cap>"
tag.country "US"
tag.pron "us"
tag.office "prime minister"]]
    check "The [ship: HMS Marten] left; no hms Marten, no HMS marten, no HMS."
    check "The [country: US] and [pron: us], [pron: Us]; a bus, a [country: US]-made car, uss."
    check("A [office: Prime\\u{A0}Minister], the [office: prime\n  minister], the [office: PRIME "
      .. "MINISTER].")
    check "a prime\\n\\nminister, prime ministers"
  end)

  it("2: less is tagged than is matched", function()
    local check = rules [[tag.age { "<cap> , [years:<num>] ,", yes = "Bo, [27], ran" }]]
    check "Bo, [age: 27 | years=27], ran; Ann , [age: 31 | years=31] , too; 27, ran, Bo 27, ran."
  end)

  it("3: context", function()
    local check = rules [[
quotes { locale = "en" }
tag.city { "Washington", not_after = "George|Denzel", not_before = "Post|Irving",
  outside = "quote" }]]
    check "In [city: Washington] George Washington read the Washington Post and Washington Irving."
    check "[quote: “Washington sleeps,”] said a man in [city: Washington], Irving Street."
  end)

  it("4: veto", function()
    local check = rules(DATES .. [[
tag.person "<cap>{2,3}"
veto.person { "Cold War|World War|New START", "<date>" }]])
    check "[date: Earlier Wednesday] [person: Ada Brisk] wrote on the Cold War and World War Two."
    check "The New START of [person: Ada Brisk] was on [date: Monday]."
  end)

  it("5: nesting", function()
    local check = rules [[
tag.place { terms = { "Ardmoor", "Lund" } }
tag.org { "University of <place>", nest = true }]]
    check "The [org: University of [place: Ardmoor]] in [place: Ardmoor]; a University of Life."
  end)

  it("6: gazetteers", function()
    local check = rules_in({
      ["a.lua"] = [[
tag.country { terms = each(read "lands", {
  "$name", "$common_name", iso = "$alpha_2", is = "$alpha_2" }) }
tag.org { file = "orgs.tsv" }]],
      ["lands.tsv"] = "name\tcommon_name\talpha_2\nVelia Republic of\tVelia\tVL\nTarsk\t-\tTS\n",
      ["orgs.tsv"] = "name\tkind\nNorth Quay Fund\tbank\nQuay\tclub\n" }, "a.lua")
    check("[country: Velia | iso=VL, name=VL] and [country: Tarsk | iso=TS] owe the "
      .. "[org: North Quay Fund | kind=bank, name=North Quay Fund]; [org: Quay | kind=club], "
      .. "Velian.")
  end)

  it("7: a regex with groups", function()
    local check = rules [==[tag.doi { [[/10\.(?<registrant>\d{4,9})\/\S+/]] }]==]
    check "See [doi: 10.20391/x_7.q | registrant=20391] or 10.203/x or 110.20391/x."
  end)

  it("8: money", function()
    local check = rules [==[
local scale = { thousand = 1e3, m = 1e6, million = 1e6, bn = 1e9, billion = 1e9 }
tag.money { [[cur:(\$|€|£) amount:<num> mult:(thousand|million|billion|bn|m)?]],
  set = { currency = { from = "cur", map = { ["$"] = "USD", ["€"] = "EUR", ["£"] = "GBP" } },
    value = function(m) return tonumber((m.amount:gsub(",", ""))) * (scale[m.mult] or 1) end } }]==]
    check("It paid [money: $3.5 million | currency=USD, value=3500000, amount=3.5, mult=million], "
      .. "[money: £1,200 | currency=GBP, value=1200, !mult] and [money: €40bn | "
      .. "currency=EUR, value=40000000000].")
    check "A $ sign, 3.5 million, £x."
  end)

  it("9: dates", function()
    local check = rules(DATES)
    check("On [date: 21 February 2023 | iso=2023-02-21, day=21, year=2023], [date: March 4, 2021 "
      .. "| iso=2021-03-04].")
    check("They may go in [date: May 2022 | iso=2022-05]; May I? On [date: 3 May 2022 | "
      .. "iso=2022-05-03].")
    check("It was [date: Monday | iso=2023-02-20], [date: last Sunday].", { date = "2023-02-22" })
    check "In 2023 a Februarys day, 21."
  end)

  it("10: persons with titles and appositions", function()
    local check = rules(DATES .. PEOPLE)
    check("With [nationality: Velian] Foreign Minister [person: Orin Vask | title=Foreign "
      .. "Minister, nat=Velian, "
      .. "family=Vask]. He left.")
    check("[person: Una Skell | role=a senior research fellow, family=Skell], a senior research "
      .. "fellow, said it.")
    check "Cold War came, a bad time. The Foreign Minister said so. Mr [date: Monday] Smith."
    check "President [person: Ona Pell | title=President, !nat, !role] met Una Skell."
  end)

  it("11: later mentions", function()
    local check = rules(DATES .. PEOPLE .. [[
alias.person "(Mr|Mrs|Ms)? [=family]"
alias.person { "the nat:<nationality> (leader|president)", same = "nat", nest = true }]])
    check("Today [nationality: Velian] President [person: Orin Vask | name=Orin Vask] met Dr "
      .. "[person: Una Skell]. "
      .. "Then [person: Skell | name=Una Skell] left; Mr [person: Vask | name=Orin Vask] stayed. "
      .. "[person: The [nationality: Velian] leader | name=Orin Vask] waved, the [nationality: "
      .. "Tarsk] leader did not; "
      .. "nor Vaskov, nor vask.")
  end)

  it("12: who said it", function()
    local WHO = "speaker:<person|org|country|_source|_he>"
    local check = rules(DATES .. PEOPLE .. (([==[
alias.person "[=family]"
tag.org { terms = { "Harbour Board" } }
tag._role { terms = { "official", "police", "spokeswoman" } }
tag._source {
  "(the|a|an|his|her|their|one|two|several|some|other)? <word>{0,4} noun:<_role>" }
tag._he { "he", set = { gender = "m" } }
tag._he { "she", set = { gender = "f" } }
tag._cue { terms = { "said", "says", "added", "quoted", "told", "saying", "according to" } }
quotes { locale = "en", cue = "_cue", pronoun = "_he", conversation = true }
amend.quote { "[<quote>] ,? source:(<word>{1,5}) cue:quoted WHO as saying" }
amend.quote { "[<quote>] ,? WHO cue:<_cue> !that" }
amend.quote { "[<quote>] ,? cue:<_cue> WHO" }
amend.quote { "<quote speaker> speaker:<_he|person> <_cue> (.|,) [<quote>]" }
amend.quote { "cue:(according to) the? WHO ,? ... [<quote>]" }
amend.quote { "WHO ... , cue:<_cue> ... [<quote>]" }
amend.quote { "WHO cue:<_cue> ... [<quote>]" }
amend.quote { "WHO cue:<_cue> ... : ... <para> [<quote>]" }]==]):gsub("WHO", WHO)))
    check("[quote: “It holds,” | speaker=#v, speaker.name=Orin Vask, cue=said] Mr [person#v: "
      .. "Orin Vask] said.")
    check("[quote: “It holds,” | speaker=#v, cue=said, kind=direct] said Mr [person#v: Orin "
      .. "Vask].")
    check("[quote: “It holds,” | speaker=#v, cue=quoted, source=the paper] the paper quoted Dr "
      .. "[person#v: Una Skell] as saying.")
    check("Dr [person#v: Una Skell] left. [quote: “It holds,” | speaker=#h, speaker.name=Una "
      .. "Skell] [#h: she] said. "
      .. "[quote: “Still.” | speaker=#h, speaker.name=Una Skell]")
    check("According to the [org#o: Harbour Board], the pier is [quote: “quite safe.” | "
      .. "speaker=#o, cue=According to]")
    check("President [person#v: Orin Vask] thanked all, saying the pier was [quote: “quite "
      .. "safe.” | speaker=#v, "
      .. "cue=saying]")
    check("Mr [person#v: Orin Vask] told a crowd on the quay:\n\n[quote: “The pier holds.” | "
      .. "speaker=#v, cue=told]")
    check "[quote: “No,” | speaker=a senior official, cue=said] a senior official said."
    check "[quote: “No,” | speaker=police, cue=said] police said."
    check "Then [quote: “the end” | !speaker] came, officials and all."
  end)

  it("13: pins", function()
    local check = rules [==[
quotes { locale = "en" }
tag.title "the king of the hill"
pin.person { "the king", is = "Orin Vask", why = "a mistranslated surname" }
pin.quote { [[said, [peace is ... hand,] \" he added]], set = { speaker = "Una Skell" } }]==]
    check("[person: The king | name=Orin Vask] said, "
      .. "[quote: peace is near at hand, | speaker=Una Skell] \" he added.",
      { faults = "some" })
    check "Here is [person: the king | name=Orin Vask] of the hill; a king."
  end)

  it("14: blocks", function()
    local check = rules [==[
block.headline { at = "first line" }
block.teaser { "^ read more : $", "^ read the following : $", lines = 2 }
ignore "teaser"
tag.place "Lund"]==]
    check("[headline: Rain in [place: Lund]]\n\nThere is rain in [place: Lund].\n\n"
      .. "[teaser: Read more:\nNo rain in Lund\nRead the following:\nSun in Lund]\n\nMore of "
      .. "[place: Lund].")
    check("[headline: To read more: come to [place: Lund]]\n\nTo read more: sit down.\n[place: "
      .. "Lund] it is.")
  end)

  it("15: treaties, vessels, companies", function()
    local check = rules [==[
tag.country { terms = { "Velia" } }
tag.treaty { "New START (Treaty)?", "(UN|United Nations) Charter",
  "<cap>{1,4} (Treaty|Convention|Accord|Protocol)" }
tag.vessel { "(frigate|destroyer|carrier) [name:<cap>{1,3}]", "[name:((USS|HMS|MV) <cap>{1,2})]" }
tag.org { "<cap>{1,3} (Inc|Corp|Ltd|GmbH|PLC)", "<country> 's foreign ministry" }]==]
    check("The [treaty: New START], the [treaty: New START Treaty], the [treaty: UN Charter]; a "
      .. "New start, a charter.")
    check "Under the [treaty: Lund Harbour Convention] and an accord."
    check("The frigate [vessel: Grey Heron | name=Grey Heron] met [vessel: MV Tern | name=MV "
      .. "Tern] and a destroyer.")
    check("[org: Quay Rope Ltd] and [org: Velia's foreign ministry], [org: Velia’s foreign "
      .. "ministry]; a Ltd, [country: Velia].")
  end)
end)

describe("easy to get wrong", function()
  -- The texts that a pattern tags.
  local function texts(pattern, text, more)
    local set = assert(postil.load { name = "rules",
      source = (more or "") .. "\ntag.x { [==[" .. pattern .. "]==] }" })
    local list = {}
    for tag in set:tag(text):each "x" do list[#list + 1] = tag.text end
    set:close()
    return list
  end
  local function message(pattern)
    local set, words = postil.load { source = "tag.x [==[" .. pattern .. "]==]", name = "news.lua" }
    assert.is_nil(set)
    return words
  end

  it("1: a question mark", function()
    assert.same({ "say what", "say" }, texts("say what?", "say what? say."))
    assert.same({ "what?", "what ?" }, texts("what ?", "what? what ? what"))
    assert.same({ "what?" }, texts("what\\?", "what? what ? what"))
  end)

  it("2: a stop after a title", function()
    assert.same({ "Mr Bask", "Mr. Bask" }, texts("Mr.? <cap>", "Mr Bask, Mr. Bask, Mr . Bask"))
    assert.same({ "Mr Bask", "Mr. Bask", "Mr . Bask" },
      texts("Mr .? <cap>", "Mr Bask, Mr. Bask, Mr . Bask"))
  end)

  it("3: an optional comma", function()
    assert.same({ "a b", "a, b", "a , b" }, texts("a ,? b", "a b; a, b; a , b"))
    assert.same({ "a b", "a, b" }, texts("a,? b", "a b; a, b; a , b"))
  end)

  it("4: a number and its unit", function()
    assert.same({ "5m", "5 m" }, texts("<num> m", "5m, 5 m, 5 km, 5mm"))
    assert.same({ "5m" }, texts("<num>m", "5m, 5 m, 5 km, 5mm"))
  end)

  it("5: a colon of the text, and a capture", function()
    local cue = "quotes { locale = 'en' }"
    local text = "He said: “Go.” Bo “Stay.”"
    assert.same({ "said: “Go.”" }, texts("said: <quote>", text, cue))
    assert.same({ "“Go.”", "“Stay.”" }, texts("said:<quote>", text, cue))
    local said = postil.load(cue .. " tag.x 'said:<quote>'"):tag(text):tags("x")[1].said
    assert.same({ 10, 18 }, { said.first, said.last })
  end)

  it("6: a possessive", function()
    assert.same({ "Velia’s foreign ministry", "Velia 's foreign ministry" },
      texts("<country> 's foreign ministry",
        "Velia’s foreign ministry, Velia 's foreign ministry, Velias foreign ministry",
        "tag.country 'Velia'"))
  end)

  it("7: slashes", function()
    assert.same({ "and/or" }, texts("and/or", "and/or, and or"))
    assert.same({ "10/12" }, texts("10/12", "10/12, 10 12"))
    assert.same({ "a 17" }, texts("a /\\d+/", "a 17, a x, a/17"))
    assert.equal(table.concat({
      "news.lua:1: in tag.x#1: empty regex; write http\\:\\/\\/x",
      "     1 | tag.x [==[http://x]==]",
      "       |                ^" }, "\n"), message "http://x")
    assert.same({ "http://x" }, texts("http\\:\\/\\/x", "http://x, http:x"))
  end)

  it("8: signs inside names", function()
    assert.same({ "AT&T" }, texts("AT&T", "AT&T, AT T, at&t"))
    assert.same({ "R&D" }, texts("R&D !lab", "R&D lab, R&D unit"))
    assert.same({ "Yahoo! News" }, texts("Yahoo! <cap>", "Yahoo! News, Yahoo News, Yahoo! we won"))
  end)

  it("9: choice binds loosest", function()
    assert.same({ "Cold War", "New START" },
      texts("Cold War|New START", "Cold War, New START, Cold START"))
    assert.same({ "Cold War", "Cold Peace" },
      texts("Cold (War|Peace)", "Cold War, Cold Peace, Peace"))
  end)

  it("10: a capture in a repeat", function()
    assert.equal(table.concat({
      "news.lua:1: in tag.x#1: name the whole repeat: name:(…)+",
      "     1 | tag.x [==[(name:<cap> ,?)+]==]",
      "       |            ^^^^" }, "\n"), message "(name:<cap> ,?)+")
    local doc = postil.load [[tag.x "for names:(<cap> ,?)+"]]:tag "It is for Ann, Bo, Cy."
    assert.equal("Ann, Bo, Cy", doc:tags("x")[1].names)
  end)

  it("11: the wide start of a tag", function()
    local check = rules [==[
tag._title { terms = { "Foreign Minister" } }
tag._cue "said"
tag.person "title:<_title> [<cap>{2}]"
quotes { locale = "en", cue = "_cue" }
amend.quote "[<quote>] ,? cue:<_cue> speaker:<person>"]==]
    check("[quote: “So be it,” | speaker=#v, cue=said] said Foreign Minister [person#v: Orin "
      .. "Vask].")
  end)

  it("12: touching words, skips, ellipses", function()
    assert.same({}, texts("(a )?b", "ab"))
    local more = "tag.person 'Bo' tag._cue 'said'"
    assert.same({ "Bo and Cy said" }, texts("<person> ... <_cue>", "Bo and Cy said it.", more))
    assert.same({ "Bo … said" },
      texts("<person> … <_cue>", "Bo … said it, Bo and Cy said.", more))
  end)
end)

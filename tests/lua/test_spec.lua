-- test_spec.lua - tests in rule files: what they say of rules that are right, and of rules that are
-- not.

local postil = require "postil"
local json_read = require "postil.json_read"
local test = require "postil.test"

local function load(source)
  return assert(postil.load { source = source, name = "rules" })
end

-- "LINE NAME: MESSAGE" of each failure, and how many tests there are.
local function lines_of(list)
  local lines = {}
  for i, f in ipairs(list) do lines[i] = ("%d %s: %s"):format(f.line, f.name, f.message) end
  return lines
end

local function failures(source)
  local list, count = load(source):test()
  return lines_of(list), count
end

-- What is wrong when a rule file holds these statements.
local function errors(source)
  local set, message = postil.load { source = source, name = "rules" }
  assert.is_nil(set)
  return (message:match "^[^\n]*")
end

-- The failures of the rules in a folder of such files.
local function failures_in(files)
  local folder = os.tmpname()
  os.remove(folder)
  assert(os.execute("mkdir -p " .. folder .. "/texts"))
  finally(function() os.execute("rm -rf " .. folder) end)
  for name, text in pairs(files) do
    local file = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end
  local set = assert(postil.load(folder .. "/rules.lua"))
  local list, _, all = set:test()
  local lines = lines_of(list)
  for i, line in ipairs(lines) do lines[i] = line:gsub(folder:gsub("%p", "%%%0"), "HERE") end
  return lines, all
end

describe("yes and no", function()
  it("pass", function()
    assert.same({ {}, 5 }, { failures [==[
block.headline { at = "first line" }
tag.x { "one", is = "One", yes = { "[one] and [one]", [=[\[[one | is=One]\] ]=] }, no = "two" }
tag.y { "two", yes = "[two]" }
test "both" { text = "one, two", x = { { "one", is = "One" } }, y = "two" }]==] })
  end)

  it("fail with their line", function()
    assert.same({
      '2 tag.x yes 1: no x is "two"; "one" is x by rules:1',
      '3 tag.x no 1: "one" is x by rules:1',
      '4 tag.x yes 1: is of "one" is "one", not "Two"',
      "5 tag.x yes 1: a [ without its ]; write \\[ for a bracket of the text",
      '6 t: x 1 is "one", not "two"',
    }, (failures [=[
tag.x { "one",
  yes = { "one [two]" },
  no = "one" }
tag.x { "none", yes = "[one | is=Two]" }
tag.x { "none", yes = "[one" }
test "t" { text = "one", x = "two" }]=]))
  end)

  it("say what is missing", function()
    local list, count, all = load([[tag.x { "one", yes = "a [two] and [one], [six]", no = "two" }]])
      :test()
    assert.equal(2, count)
    assert.same({ false, true }, { all[1].ok, all[2].ok })
    assert.same({ "tag.x yes 1", "tag.x no 1" }, { all[1].name, all[2].name })
    assert.same({ { label = "x", first = 3, last = 5, text = "two" },
      { label = "x", first = 16, last = 18, text = "six" } }, list[1].missing)
    assert.same({ 'no x is "two"', 'no x is "six"' }, list[1].problems)
    assert.equal("no rule came near", list[1].why)
  end)

  it("tell brackets that cannot be read", function()
    assert.same({
      "1 tag.x yes 1: yes has no [ ]; for nowhere write no",
      "1 tag.x yes 2: a ] without its [; write \\] for a bracket of the text",
      "1 tag.x yes 3: [ ] around nothing",
      "1 tag.x yes 4: 'One' behind |: name=value is wanted; write \\| for a bar of the text, \\, "
        .. "for a comma of a value",
      "1 tag.x yes 5: a [ without its ]; write \\[ for a bracket of the text",
      "2 tag.x yes 6: no rule gives x an attribute 'fro'",
      "2 tag.x yes 7: no rule gives x an attribute 'fro'",
    }, (failures [[tag.x { "one", yes = { "one", "one]", "one []", "[one | One]", "[one | is=one",
  "[one | fro=2]", "[one | fro=]" } }]]))
  end)

  it("ask for attributes of every kind", function()
    assert.same({ {}, 5 }, { failures [==[
tag.person { id = "full", "given:<cap> family:Vexholm", set = { age = 40, old = false, of = "a, b" },
  yes = { "with [Ada Vexholm | family=Vexholm, age=40.0, old=false, of=a\\, b, is=Ada Vexholm]",
    "[Ada Vexholm | rule=person/full, text=Ada Vexholm]" } }
quotes { locale = "en", cue = "_cue" }
tag._cue { terms = { "said" }, yes = "she [said] so" }
amend.quote { "[<quote>] ,? cue:<_cue> speaker:<person>",
  yes = { "[“No [‘way’ | depth=1, speaker=] then,” | speaker=Ada Vexholm] said Ada Vexholm.",
    "[“No” | speaker=, cue=] she said." } }]==] })
    assert.same({ '2 tag.x yes 1: n of "one" is "1.5", not "1.50001"; m of "one" is not set, not "x"; '
      .. 'n of "one" is "1.5", not not set' },
      (failures [[tag.x { "one", set = { n = 1.5, m = function() end },
  yes = "[one | n=1.50, n=1.50001, m=x, n=, m=]" }]]))
  end)
end)

describe("tests of a statement", function()
  it("ask for labels of helpers, lists of words too", function()
    assert.same({ { '4 tag._list yes 2: no _list is "four"' }, 5 }, { failures [[
tag._cap { "<cap>", yes = "so [Ada] sat" }
tag.ship { "HMS !<_list> <_cap>", yes = "[HMS Wren] and HMS Two" }
tag._list { terms = { "One", "two", { "three", n = 3 } },
  yes = { "[One], [two] and [three | n=3] ", "[four]" }, no = "five" }]] })
  end)

  it("change nothing but what is told", function()
    local here = debug.getinfo(1, "S").source:match "^@(.*)lua/[^/]*$"
    local file = assert(io.open(here .. "sample/article.txt", "rb"))
    local text = file:read "*a"
    file:close()
    local set, public, helpers = assert(postil.load "news"), {}, 0
    for _, label in ipairs(set:labels()) do
      if label:sub(1, 1) ~= "_" then public[label] = true end
    end
    local doc = assert(set:twin(true):tag(text))
    assert.equal(set:tag(text):json(), doc:json(public))
    for tag in doc:each() do helpers = helpers + (public[tag.label] and 0 or 1) end
    assert.is_true(helpers > 100)
  end)

  it("stand with every verb", function()
    assert.same({ {}, 11 }, { failures [==[
tag.person { "<cap> Vexholm", set = { family = "Vexholm" } }
alias.person { "[=family]", yes = "[Ada Vexholm] slept; then [Vexholm | is=Ada Vexholm] woke.",
  no = "Vexholm woke." }
veto.person { "Cape", yes = "[Ada Vexholm] at the Cape", no = "Cape Vexholm" }
pin.person { "the king", is = "Bo", yes = "It is [the king | is=Bo].", no = "It is the queen." }
block.byline { "^ by <cap> $", yes = "One.\n[by Ada]\nTwo.", no = "It was by Ada that we went." }
block.headline { id = "first", at = "first line", "^ <cap> ... $", yes = "[Ada wins]\nIt is so." }
tag.ship { "HMS <cap>", yes = "[HMS Wren]", no = "HMS" }]==] })
  end)

  it("of amend say where nothing is amended", function()
    assert.same({ { '8 amend.quote no 2: "“So,”" is amended', '10 amend.quote no 2: "“So,”" is amended' },
      4 }, { failures [==[
quotes { locale = "en", cue = "_cue" }
tag._cue { terms = { "said" } }
tag.person "Bo"



amend.quote { "[<quote>] ,? cue:<_cue> speaker:<person>",
  no = { "The “Film” of Bo", "“So,” said Bo." } }
amend.quote { "[<quote>] ,? speaker:<person> cue:<_cue>", set = { by = "sv" },
  no = { "“So,” said Bo.", "“So,” Bo said." } }]==] })
  end)

  it("are left out with rules that are off", function()
    assert.same({ {}, 1 }, { failures [[
tag.x { id = "one", "one", yes = "[one]", no = "two" }
tag.x { "two", yes = "[two]", }
off "x/one"]] })
  end)
end)

describe("test", function()
  it("is wrong by itself", function()
    for case, words in pairs {
      ['{ }'] = '{ text = "...", label = { "span", ... } } is wanted',
      ["{ text = {} }"] = "'text' must be a string",
      ['{ text = "one", tags = 1 }'] = "'tags' must be a table",
      ['{ text = "one", file = "one" }'] = "text or file, not both",
      ['{ text = "a", f1 = { x = 1 } }'] = "f1 goes with gold",
      ['{ gold = "a", f1 = { x = 90 } }'] = "f1 = { label = 0.9 } is wanted, from 0 to 1",
      ['{ text = "a", X = "a" }'] = "'X' is no label",
      ['{ text = "a", [1] = "a" }'] = "'1' is no label",
      ['{ text = "a", x = { 1 } }'] =
        'x wants texts, each "span" or { "span", attribute = value }',
      ['{ text = "a", x = { { "a", is = {} } } }'] =
        'x wants texts, each "span" or { "span", attribute = value }',
      ['{ text = "a", x = { { "a", Y = 1 } } }'] =
        'x wants texts, each "span" or { "span", attribute = value }',
      ['{ text = "a", x = { { "a", y = print or function() end } } }'] =
        'x wants texts, each "span" or { "span", attribute = value }',
    } do
      assert.same({ { "2 t: " .. words }, 2 }, { failures('tag.x { "one", yes = "[one]" }\ntest "t" '
        .. case) })
    end
    assert.equal('rules:1: test: { ... } is wanted behind the name, not a string',
      errors 'test "t" "one"')
    assert.equal('rules:1: test: a name is wanted: test "name" { ... }', errors 'test {}')
  end)

  it("knows what its labels are", function()
    assert.same({ { '2 t: x 2 is missing: "one"; no rule gives the label y' }, 1 }, { failures [[
tag.x "one"
test "t" { text = "one", x = { "one", "one" }, y = {} }]] })
  end)

  it("has the date of its text", function()
    assert.same({ {}, 1 }, { failures [[
tag.date { "yesterday", set = { iso = p.iso } }
test "t" { text = "It was yesterday.", date = "2024-03-01",
  tags = { date = { { "yesterday", iso = "2024-02-29" } } } }]] })
  end)

  it("reads files beside its rules", function()
    local a = "Ada went.\n\nBo said “no” twice."
    assert.same({ "6 away: \"../a.txt\": tests read files beside their rule file, or below it, only",
      "7 root: \"/etc/hosts\": tests read files beside their rule file, or below it, only",
      "8 none: HERE/none.txt: No such file or directory" }, (failures_in {
      ["a.txt"] = a, ["texts/b.txt"] = "Bo",
      ["rules.lua"] = [[
tag.name "Ada|Bo"
block.headline { at = "first line" }
test "first" { file = "a.txt", name = { "Ada", "Bo" }, headline = "Ada went." }
test "below" { file = "texts/b.txt", name = "Bo" }
test "inside" { file = "./texts/b.txt", name = "Bo" }
test "away" { file = "../a.txt" }
test "root" { file = "/etc/hosts" }
test "none" { file = "none.txt" }]] }))
    assert.same({ "2 t: a.txt: rules that are no file have no files beside them" }, (failures [[
tag.name "Ada|Bo"
test "t" { file = "a.txt" }]]))
  end)

  it("counts what gold has", function()
    local a = "Ada and Bo.\n\n“No,” Bo said."
    local lines, all = failures_in {
      ["a.txt"] = a,
      ["a.jsonl"] = '{"id":"a.txt","unit":"byte","tags":[{"start":0,"end":3,"label":"name"},'
        .. '{"start":8,"end":10,"label":"name"},{"start":13,"end":22,"label":"quote",'
        .. '"speaker":{"start":23,"end":25,"name":"Bo"},"cue":{"start":26,"end":30}},'
        .. '{"start":26,"end":30,"label":"cue"}],"faults":[]}\n',
      ["more.jsonl"] = '\n{"id":7,"text":"Bo","tags":[]}\n'
        .. '{"id":"a.txt","tags":[{"start":0,"end":3,"label":"name"}]}',
      ["rules.lua"] = [[
tag.name "Ada|Bo"
tag._cue "said"
quotes { cue = "_cue" }
amend.quote "[<quote>] ,? speaker:<name> cue:<_cue>"
test "one" { file = "a.txt", gold = "a.jsonl", f1 = { name = 0.8, ["quote.speaker"] = 1 },
  name = "2/2" }
test "less" { gold = "a.jsonl", f1 = { name = 0.81, ship = 0 }, name = "3/3", quote = "1/1", cue = "1/1" }
test "more" { gold = "more.jsonl" }
test "bad" { gold = "a.txt" }]] }
    assert.same({
      "7 less: no rule gives the label cue; F1 of name is 0.8000, less than 0.81; the gold has no "
        .. "ship; 0/1 of cue are found, not 1/1; the gold has 2 of name, not 3",
      "9 bad: a.txt:1: no JSON: byte 1: no value" }, lines)
    local rows = {}
    for i, row in ipairs(all[1].rows) do
      rows[i] = ("%s %d %d %d %.2f %.2f %.2f"):format(row.name, row.tp, row.fp, row.fn,
        row.precision, row.recall, row.f1)
    end
    assert.same({ "cue 0 0 1 1.00 0.00 0.00", "name 2 1 0 0.67 1.00 0.80",
      "quote 1 0 0 1.00 1.00 1.00", "quote.cue 1 0 0 1.00 1.00 1.00",
      "quote.speaker 1 0 0 1.00 1.00 1.00" }, rows)
    assert.same({ "missing: a.txt:3:14: cue: said", "extra: a.txt:3:11: name: Bo" },
      { all[2].failure.notes[1], all[2].failure.notes[2] })
    assert.same({ 1, 3, 0 }, { all[3].rows[1].tp, all[3].rows[1].fp, all[3].rows[1].fn })
  end)

  it("tells gold that cannot be read", function()
    for line, words in pairs {
      ["{"] = "no JSON: byte 2: a key wanted",
      ["[]"] = 'not an object like {"id": ..., "text": ..., "tags": [...]}',
      ['{"tags":[{"start":1.5,"end":2,"label":"x"}]}'] =
        'tag 1 is not {"start": ..., "end": ..., "label": ...}',
      ['{"unit":"utf16","tags":[]}'] = '"unit" must be "byte"',
      ['{"text":1,"tags":[]}'] = '"text" must be a string',
      ['{"text":"one","tags":[{"start":1,"end":4,"label":"x"}]}'] = "tag 1 ends behind the text",
      ['{"id":"b.txt","tags":[]}'] = 'no "text" in it, and of "id": '
        .. "HERE/b.txt: No such file or directory",
    } do
      assert.same({ "2 t: a.jsonl:1: " .. words }, (failures_in { ["a.jsonl"] = line,
        ["rules.lua"] = 'tag.x "one"\ntest "t" { gold = "a.jsonl" }' }))
    end
  end)
end)

describe("a function that remembers", function()
  it("counts", function()
    assert.same({ { '4 the same in another order: a function remembers, of rules:4 tag.x: "two" is x '
      .. "once and not the same again" }, 3 }, { failures [[
local n = 0
tag.y { "six", set = { n = function(m) return #m.text end } }

tag.x { "two", keep = function() n = n + 1 return n < 3 end, yes = { "[two]", "[two]" } }]] })
  end)

  it("is set by the first text, and shows only in another order", function()
    assert.same({ { '2 the same in another order: a function remembers, of rules:2 tag.x: "two" is x '
      .. "once and not the same again" }, 3 }, { failures [[
local first
tag.x { "one|two", set = { after = function(m) first = first or m.text return first == "one" end },
  yes = { "[one | after=true]", "[two | after=true]" } }]] })
  end)

  it("fails the second time", function()
    assert.same({ { "2 the same in another order: a function remembers, of rules:2 tag.x: "
      .. "rules:2: twice" }, 2 }, { failures [[
local n = 0
tag.x { "one", keep = function() n = n + 1 if n > 1 then error "twice" end return true end,
  yes = "[one]" }]] })
  end)

  it("changes a helper", function()
    assert.same({ { '2 the same in another order: a function remembers, of rules:2 tag._h: "one" is '
      .. "_h once and not the same again" }, 2 }, { failures [[
local n = 0
tag._h { "one", keep = function() n = n + 1 return n == 1 end }
tag.x { "<_h>", yes = "[one]" }]] })
  end)

  it("is not looked for where there is none", function()
    assert.same({ {}, 1 }, { failures [[tag.x { "two", set = { n = p.number }, yes = "[two]" }]] })
    assert.same({ {}, 2 }, { failures [[tag.x { "two", is = function() return "2" end,
  yes = "[two | is=2]" }]] })
  end)
end)

describe("rules without tests", function()
  it("are listed: no yes, or a veto without either", function()
    local set = load [[
tag.a { "one", yes = "[one]" }
tag.b { "two", no = "one" }
tag._c { id = "list", terms = { "three" } }
veto.a { "four", no = "four" }
veto.a { "five" }
tag.d { id = "off", "six" }
off "d/off"]]
    local names = {}
    for i, rule in ipairs(test.untested(set)) do names[i] = rule.name end
    assert.same({ "rules:2", "_c/list", "rules:5" }, names)
  end)
end)

describe("JSON", function()
  it("is read", function()
    assert.same({ a = { 1, -2500, true, json_read.null, "xé😀\n\"\\" }, b = {} }, json_read.value
      ' {"a" : [1, -2.5e3, true,null,"x\\u00e9\\uD83D\\uDE00\\n\\"\\\\"], "b":{ } }\n')
  end)

  it("is refused with the byte", function()
    for text, words in pairs {
      ["[1"] = "byte 3: , or ] wanted", ['{"a":1,"a":2}'] = "byte 8: a key given twice",
      ['{"a" 1}'] = "byte 6: : wanted", ["{1:2}"] = "byte 2: a key wanted",
      ['{"a":1'] = "byte 7: , or } wanted", ['"a'] = "byte 3: no end of the string",
      ['"a\n"'] = "byte 3: a control character", ['"\\x"'] = "byte 2: no such escape",
      ['"\\ud800"'] = "byte 4: half of a surrogate pair",
      ['"\\u12g4"'] = "byte 4: four hexadecimal digits wanted",
      ["nul"] = "byte 1: no value", [""] = "byte 1: no value", ["-"] = "byte 1: no value",
      ["1 2"] = "byte 3: something behind the value",
      [("["):rep(70)] = "byte 66: too many levels",
    } do
      assert.same({ nil, words }, { json_read.value(text) }, text)
    end
  end)
end)

describe("the packs that are shipped", function()
  for _, name in ipairs { "news" } do
    it("have yes and no for every rule: " .. name, function()
      local set = assert(postil.load(name))
      assert.same({}, test.untested(set))
      local has, without = {}, {}
      for _, case in ipairs((set:tests())) do
        if case.rule then has[case.rule .. case.kind] = true end
      end
      for i, rule in ipairs(set.rules) do
        if not has[i .. "yes"] or not has[i .. "no"] then without[#without + 1] = rule.name end
      end
      assert.same({}, without)
    end)

    it("pass their tests: " .. name, function()
      local list, count = assert(postil.load(name)):test()
      assert.same({}, lines_of(list))
      assert.is_true(count > 300)
    end)
  end
end)

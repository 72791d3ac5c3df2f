-- The Lua face: loading, tagging, asking, on every Lua.

local postil = require "postil"

-- A folder of files that are gone after the test.
local function folder(files)
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir -p " .. path .. "/pack"))
  for name, text in pairs(files) do
    local file = assert(io.open(path .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end
  finally(function() os.execute("rm -rf " .. path) end)
  return path
end

-- All tags as lines.
local function listing(doc)
  local lines = {}
  for tag in doc:each() do
    local line = { tag.first, tag.last, tag.label, tag.rule or "-", tag.text }
    for _, attr in ipairs(doc:attrs(tag)) do
      local value = attr.value
      if type(value) == "table" then
        value = value.first .. "-" .. value.last .. ":" .. tostring(value.name)
      end
      line[#line + 1] = attr.name .. "=" .. tostring(value)
    end
    lines[#lines + 1] = table.concat(line, " ")
  end
  return lines
end

local function load(what)
  return assert(postil.load(what))
end

describe("versions", function()
  it("are told", function()
    assert.matches("^%d+%.%d+%.%d+$", postil.version)
    assert.matches("^%d+%.%d+%.%d+$", postil.unicode)
  end)
end)

describe("load", function()
  it("takes rules as text", function()
    local doc = load('tag.city { terms = { "Oslo" } }'):tag "In Oslo."
    assert.same({ "4 7 city rules:1 Oslo" }, listing(doc))
  end)

  it("takes a file, a folder and tables beside them", function()
    local path = folder {
      ["one.lua"] = 'tag.org { id = "known", file = "orgs.tsv" }',
      ["orgs.tsv"] = "name\tis\tkind\n# a remark\nAcme\tAcme Corporation\tcompany\r\nZoo\t-\t\n",
      ["pack/init.lua"] = 'pack { name = "pack", version = "1" } use "pack/part"',
      ["pack/part.lua"] = 'tag.ship { terms = each(read "ships", { "$name", flag = "$flag" }) }',
      ["pack/ships.tsv"] = "name\tflag\nTern\tNO\n",
    }
    local set = load { path .. "/one.lua", path .. "/pack" }
    local doc = set:tag "Acme and the Zoo bought Tern."
    assert.same({ "1 4 org org/known Acme is=Acme Corporation kind=company",
      "14 16 org org/known Zoo",
      "25 28 ship part.lua:1 Tern flag=NO" }, listing(doc))
    assert.equal("pack", set.packs[1].name)
    assert.same({ "org", "ship" }, set:labels())
  end)

  it("looks tables up by name for each, too", function()
    local path = folder {
      ["a.lua"] = 'tag.x { terms = each("t", { "$a", "$a $b", is = "$b", k = "<$a>" }) }',
      ["t.tsv"] = "a\tb\nuno\tdue\ntre\t-\n",
    }
    assert.same({ "1 3 x a.lua:1 uno is=due k=<uno>", "5 11 x a.lua:1 uno due is=due k=<uno>",
      "13 15 x a.lua:1 tre k=<tre>" }, listing(load(path .. "/a.lua"):tag "uno uno due tre"))
  end)

  it("refuses a table whose lines have too many columns", function()
    local path = folder { ["a.lua"] = 'tag.x { file = "t.tsv" }', ["t.tsv"] = "a\nb\tc\n" }
    local set, message = postil.load(path .. "/a.lua")
    assert.is_nil(set)
    assert.matches("a%.lua:1: in tag%.x#1: t%.tsv:2: more columns", message)
  end)

  it("says what is not there", function()
    assert.is_nil((postil.load "nowhere"))
    assert.matches("^there is no pack 'nowhere'; looked for nowhere%.lua and nowhere/init%.lua in ",
      (select(2, postil.load "nowhere")))
    assert.matches("there is no table moons.tsv",
      (select(2, postil.load 'tag.x { file = "moons.tsv" }')))
    assert.matches("rules:1: use: there is no pack 'nowhere'",
      (select(2, postil.load 'use "nowhere"')))
    assert.has_error(function() postil.load(7) end)
    assert.has_error(function() postil.load {} end)
  end)

  it("asks postil.loader for shipped files", function()
    local before = postil.loader
    finally(function() postil.loader = before end)
    postil.loader = function(name)
      if name == "postil/rules/moons.lua" then
        return 'tag.moon { file = "io.tsv" }', "inside:" .. name
      end
      if name == "postil/rules/moons/io.tsv" then return "name\nIo\n", name end
      return before(name)
    end
    assert.same({ "1 2 moon moons.lua:1 Io" }, listing(load("moons"):tag "Io"))
  end)

  it("drops rules with off", function()
    local set = load [[tag.x { id = "a", "one" } tag.x { id = "b", "two" } off "x/a"]]
    local doc = set:tag "one two"
    assert.same({ "5 7 x x/b two" }, listing(doc))
    assert.matches("no rule is called 'x/c' %(did you mean 'x/a'%?%)",
      (select(2, postil.load [[tag.x { id = "a", "one" } off "x/c"]])))
  end)
end)

describe("errors", function()
  -- The message of rules that are wrong.
  local function message(source)
    local set, words, list = postil.load { source = source, name = "news.lua" }
    assert.is_nil(set)
    return words, list
  end

  it("show the line and a caret", function()
    local words, list = message 'tag.org { "<cap>{3,1} (Inc|Corp)" }'
    assert.equal(table.concat({
      "news.lua:1: in tag.org#1: repeat runs backwards: 3 > 1",
      '     1 | tag.org { "<cap>{3,1} (Inc|Corp)" }',
      "       |                  ^" }, "\n"), words)
    assert.same({ "news.lua", 1, 18 }, { list[1].file, list[1].line, list[1].column })
  end)

  it("are all collected", function()
    local _, list = message [[
tag.a { befor = "x", "y" }
tag.b { "<cap>{3,1}" }
tag.c { terms = 3 }
tag.D "x"
tag.e {}
tag.f { keep = 1, "x" }
alias.g { lines = 2, "x" }
tag.h { set = { first = 1, Big = 2, z = { from = "a" } }, "x" }
quotes { lokale = "en" }]]
    local lines = {}
    for i, e in ipairs(list) do lines[i] = e.line .. " " .. e.message end
    assert.same({
      "1 in tag.a#1: unknown option 'befor' (did you mean 'before'?); "
        .. "attributes go in set = { befor = ... }",
      "2 in tag.b#2: repeat runs backwards: 3 > 1",
      "3 in tag.c#3: option 'terms' must be a list of terms, not a number",
      "4 in tag.D#4: labels are lower case: a-z, 0-9, _",
      "5 in tag.e#5: nothing to look for; write a pattern, terms or file",
      "6 in tag.f#6: option 'keep' must be a function, not a number",
      "7 in alias.g#7: option 'lines' is not for alias; it belongs to block",
      "7 in alias.g#7: an alias says whose name it is: by =attribute or same",
      "8 in tag.h#8: an attribute cannot be called 'first'; every tag has a field of that name",
      "8 in tag.h#8: 'Big' is no name of an attribute; names are lower case: a-z, 0-9, _",
      "8 in tag.h#8: set.z needs map = a table",
      "9 quotes: unknown field 'lokale' (did you mean 'locale'?)",
    }, lines)
  end)

  it("find the pattern on its own line and in its escaped spelling", function()
    local words, list = message 'tag.a {\n  "fine",\n  "say \\"so\\" <cap>{2,1}" }'
    assert.equal(3, list[1].line)
    assert.matches("{2,1}", words)
    assert.equal(("  \"say \\\"so\\\" <cap>{2"):len(), list[1].column)
  end)

  it("keep the caret under a tab and after letters of several bytes", function()
    local words = message 'tag.a {\n\t"é <cap>{2,1}" }'
    assert.equal("       | \t         ^", words:match "[^\n]*$")
  end)

  it("name labels that nothing defines", function()
    local words = message 'tag._title "Mr"\ntag.person {\n  "<_titel> [name:<cap>{1,3}]" }'
    assert.equal(table.concat({
      "news.lua:3: in tag.person#2: nothing defines the label <_titel> (did you mean <_title>?)",
      '     3 |   "<_titel> [name:<cap>{1,3}]" }',
      "       |     ^^^^^^" }, "\n"), words)
  end)

  it("name the way round a cycle", function()
    local words = message 'tag.a "<b>"\ntag.b "<c>"\ntag.c "<a>"'
    assert.matches("these labels need each other: a %-> b %-> c %-> a", words)
    assert.matches("^news%.lua:%d: in tag%.", words)
  end)

  it("of Lua have file and line", function()
    assert.matches("^news%.lua:2: .*near", (message "\ntag.x { {"))
    assert.matches("^news%.lua:2: ", (message "\nlocal x = nil + 1"))
    assert.matches("^news%.lua:2: error object is a table$",
      (message "\nerror {}"):gsub("^news.lua: ", "news.lua:2: "))
    assert.matches("^news%.lua:1: tag: the label is missing", (message "tag { 'x' }"))
  end)

  it("hold no control characters and are not endless", function()
    local words = message "error('a\\27[31m' .. ('x'):rep(100000))"
    assert.is_nil(words:find "\27")
    assert.is_true(#words < 5000)
  end)

  it("leave other sets alone", function()
    local set = load 'tag.x "one"'
    message "tag.x { {"
    assert.equal(1, #set:tag("one"):tags())
  end)
end)

describe("statements", function()
  it("set attributes from constants, captures, maps and functions", function()
    local set = load [=[
tag.money { [[cur:(\$|€) amount:<num>]], set = {
  currency = { from = "cur", map = { ["$"] = "USD", ["€"] = "EUR" } }, shown = "$amount of $cur",
    sure = true, rank = 2,
  value = function(m) return tonumber((m.amount:gsub(",", ""))) * 2 end } }]=]
    assert.same({ "4 9 money rules:1 $1,200 amount=1,200 cur=$ currency=USD rank=2 "
      .. "shown=1,200 of $ sure=true value=2400" },
      listing(set:tag "It $1,200 is"))
  end)

  it("ask keep, and is may refuse", function()
    local set = load [[
tag.x { "<cap>", keep = function(m) return m.text ~= "Bad" end,
  is = function(m) if m.text ~= "Odd" then return m.text:upper() end end }]]
    local names = {}
    for tag in set:tag("Good, Bad, Odd, Fine."):each() do names[#names + 1] = tag.name end
    assert.same({ "GOOD", "FINE" }, names)
  end)

  it("give functions the match, its paragraph and the date", function()
    local set = load [[
local kept
tag.who "Bo"
tag.x { "w:<who> said",
  set = { p = function(m) kept = m return m.paragraph .. "|" .. m.date .. "|" .. m.w end,
  l = function(m) local at = m:link "w" return at.first .. "-" .. at.last end,
    none = function(m) return m.nothing end } }
tag.y { "later", set = { z = function() local ok,
  why = pcall(function() return kept.text end) return tostring(ok) .. why end } }]]
    local doc = assert(set:tag("A\n\nBo said it.", { date = "2024-02-03" }))
    local tag = doc:tags("x")[1]
    assert.equal("Bo said it.|2024-02-03|Bo", tag.p)
    assert.equal("4-5", tag.l)
    assert.is_nil(tag.none)
  end)

  it("stop the run when a function fails, with its line", function()
    local set = load "tag.x { 'one', set = {\n  y = function(m) return m.text + {} end } }"
    local doc, message = set:tag "one"
    assert.is_nil(doc)
    assert.matches("^rules:2: attempt to ", message)
    doc, message = load("tag.x { 'one', keep = function() while true do end end }"):tag "one"
    assert.is_nil(doc)
    assert.equal("rules:1: too much work", message)
    doc, message = load("tag.x { 'one', set = { y = function() return {} end } }"):tag "one"
    assert.is_nil(doc)
    assert.matches("returned a table", message)
  end)
end)

describe("documents", function()
  local set, text = nil, "Ann met Bo.\n\nThen Bo met Ann and Cy."
  before_each(function()
    set = load 'tag.person { terms = { "Ann", "Bo", { "Cy", is = "Cyrus" } } } tag.verb "met"'
  end)

  it("iterate in order, by label and by range", function()
    local doc = set:tag(text)
    local function texts(...)
      local list = {}
      for tag in doc:each(...) do list[#list + 1] = tag.text end
      return table.concat(list, " ")
    end
    assert.equal("Ann met Bo Bo met Ann Cy", texts())
    assert.equal("met met", texts "verb")
    assert.equal("Ann met Bo Bo met Ann Cy", texts "person|verb")
    assert.equal("", texts "nothing")
    assert.equal("Bo", texts("person", 4, 12))
    assert.equal("met Bo", texts(nil, 5, 10))
    assert.equal("", texts(nil, 4, 4))
    assert.equal("Cy", texts(nil, #text - 1))
  end)

  it("give spans as numbers", function()
    local doc = set:tag(text)
    local labels = set:labels()
    local spans = doc:spans("person", 1, 12)
    assert.same({ 1, 3, 9, 10 }, { spans[1], spans[2], spans[4], spans[5] })
    assert.equal("person", labels[spans[3]])
    assert.equal(6, #spans)
  end)

  it("count names", function()
    assert.same({ { name = "Ann", label = "person", count = 2, first = 1, last = 3 },
      { name = "Bo", label = "person", count = 2, first = 9, last = 10 },
      { name = "Cyrus", label = "person", count = 1, first = 34, last = 35 } },
        set:tag(text):names "person")
  end)

  it("know places", function()
    local doc = set:tag "a\n“😀Bo”\n"
    assert.same({ 2, 8, 3, 4 }, { doc:place(10) })
    assert.equal(10, doc:offset(2, 8))
    assert.equal(10, doc:offset(2, 3, "chars"))
    assert.equal(10, doc:offset(2, 4, "utf16"))
    assert.has_error(function() doc:place(0) end)
    assert.has_error(function() doc:place(99) end)
    assert.has_error(function() doc:offset(1, 1, "lines") end)
  end)

  it("report faults of quotations", function()
    local quotes = load 'quotes { locale = "en" } tag.x "zzz"'
    local doc = quotes:tag "He said “one thing and left.\n\nShe stayed.\n"
    local faults = doc:faults()
    assert.equal(1, #faults)
    assert.equal("string", type(faults[1].fault))
    assert.equal("string", type(faults[1].words))
    assert.equal("boolean", type(faults[1].safe))
  end)

  it("report faults of some bytes", function()
    local quotes = load 'quotes { locale = "en" } tag.x "zzz"'
    local prose = "He said “one.\n\nShe stayed.\n\nHe said “two.\n"
    local doc = quotes:tag(prose)
    local all = doc:faults()
    assert.equal(2, #all)
    assert.same(all, doc:faults(1, #prose))
    assert.same({ all[1] }, doc:faults(1, 20))
    assert.same({}, doc:faults(20, 25))
    assert.same({ all[2] }, doc:faults(all[2].first, all[2].first))
  end)

  it("run in steps to the same result", function()
    local long = (text .. "\n\n"):rep(3000)
    local doc, steps = set:open(long), 0
    assert.equal(0, #doc:tags())
    repeat
      local done = doc:run(5000)
      assert.is_boolean(done)
      steps = steps + 1
    until done
    assert.is_true(steps > 3)
    assert.same(set:tag(long):spans(), doc:spans())
  end)

  it("hold any bytes", function()
    assert.same({ "1 2 person rules:1 Bo" }, listing(set:tag "Bo\0\255\237\160\128"))
    assert.same({}, listing(set:tag ""))
  end)

  it("have tags that end with them", function()
    local doc = set:tag(text)
    local tag = doc:tags()[1]
    assert.equal(tag, doc:tags()[1])
    assert.are_not.equal(tag, doc:tags()[2])
    doc:close()
    assert.has_error(function() return tag.first end, "the document of this tag is closed")
    assert.has_error(function() return doc:tags() end, "this document is closed")
    doc:close()
  end)

  it("outlive their set", function()
    local doc = set:tag(text)
    local tag = doc:tags()[7]
    set:close()
    set = nil
    collectgarbage()
    collectgarbage()
    assert.equal("Cyrus", tag.name)
    doc = nil
    collectgarbage()
    assert.equal("person", tag.label)
    assert.is_nil(doc)
  end)

  it("refuse a closed set", function()
    set:close()
    assert.has_error(function() set:tag(text) end, "this rule set is closed")
    set:close()
  end)

  it("survive the collector", function()
    collectgarbage("setpause", 100)
    for i = 1, 60 do
      local s = load('tag.x { "one", set = { y = function(m) return m.text .. "' .. i ..
        '" end } }')
      local iterate = s:tag("one one"):each()
      s = nil
      collectgarbage()
      assert.equal("one" .. i, iterate().y)
      assert.equal(5, iterate().first)
      assert.is_nil(iterate())
      assert.is_nil(s)
    end
  end)

  it("refuse foreign objects", function()
    local doc, other = set:tag(text), set:tag(text)
    assert.has_error(function() doc:attrs(other:tags()[1]) end)
    assert.has_error(function() doc.each(io.stdout) end)
    assert.has_error(function() doc.run(set.core) end)
  end)
end)

describe("normalize", function()
  it("maps both ways", function()
    local out, map = postil.normalize("xe\204\129y", "NFC")
    assert.equal("x\195\169y", out)
    assert.same({ 2, 4 }, { map:back(2, 3) })
    assert.same({ 2, 3 }, { map:forth(2, 4) })
    assert.same({ 1, 5 }, { map:back() })
    assert.has_error(function() postil.normalize("x", "NFX") end)
    map:close()
    assert.has_error(function() map:back(1, 1) end)
  end)
end)

describe("helpers of rule files", function()
  -- What an expression of a rule file gives, as text.
  local function value(expression)
    local set, message = postil.load("tag.x { 'one', is = '<' .. tostring(" .. expression ..
      ") .. '>' }")
    return set and set:tag("one"):tags()[1].name:match "^<(.*)>$" or message
  end

  it("make dates", function()
    local function iso(captures, date)
      local set = load("tag.x { 'one', is = function() return p.iso { " .. captures ..
        ", text = '', date = " ..
        (date and "'" .. date .. "'" or "nil") .. " } or '-' end }")
      return set:tag("one"):tags()[1].name
    end
    assert.equal("2023-02-21", iso "day = '21', month = 'February', year = '2023'")
    assert.equal("2023-02", iso "month = 'Feb.', year = '2023'")
    assert.equal("-", iso "day = '31', month = 'February', year = '2023'")
    assert.equal("2022-12-30", iso("day = '30', month = 'December'", "2023-01-02"))
    assert.equal("2023-02-20", iso("wd = 'Monday'", "2023-02-22"))
    assert.equal("2023-02-22", iso("wd = 'Wednesday'", "2023-02-22"))
    assert.equal("2000-02-29", iso "day = '29', month = 'February', year = '2000'")
    assert.equal("-", iso "day = '29', month = 'February', year = '1900'")
    assert.equal("-", iso "day = '2', month = '1.5', year = '2023'")
    assert.equal("2023-09-04", iso "day2 = '4th', month = 'SEPT.', year = '2023'")
  end)

  it("read numbers and characters", function()
    assert.equal("1200", value "p.number '1,200'")
    assert.equal("3500000", value "p.number '3.5 million'")
    assert.equal("12", value "p.number 'twelve'")
    assert.equal("3", value "p.utf8.len 'aé😀'")
    assert.equal("é😀", value "p.utf8.sub('aé😀', -2)")
    assert.equal("é", value "p.utf8.char(233)")
    assert.equal("128512", value "p.utf8.codepoint '😀'")
    assert.equal([[a\.\.\. \[b\] \<c\> d\|e]], value "p.esc 'a... [b] <c> d|e'")
  end)
end)

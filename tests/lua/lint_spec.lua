-- What lint finds, where, and what it must not say; labels; figures.  On every Lua.

local postil = require "postil"

-- Findings as "line:column name: message", without those of rules that have no tests.
local function lint(source, tables)
  local set
  if tables then
    local path = os.tmpname()
    os.remove(path)
    assert(os.execute("mkdir -p " .. path))
    finally(function() os.execute("rm -rf " .. path) end)
    tables["rules.lua"] = source
    for name, text in pairs(tables) do
      local file = assert(io.open(path .. "/" .. name, "wb"))
      file:write(text)
      file:close()
    end
    set = assert(postil.load(path .. "/rules.lua"))
  else
    set = assert(postil.load { source = source, name = "rules.lua" })
  end
  local lines = {}
  for _, finding in ipairs(set:lint()) do
    if finding.name ~= "untested" then
      local file = finding.file:match "[^/]*$"
      lines[#lines + 1] = ("%s%d:%d %s: %s"):format(file == "rules.lua" and "" or file .. ":",
        finding.line, finding.column, finding.name, finding.message)
    end
  end
  return lines
end

-- The same, of rules of which nothing but choices is to be looked at.
local function choices(pattern)
  return lint("tag.x {\n  [[" .. pattern .. "]] }\ntag.a 'a0' tag.b 'b0'")
end

describe("choices that are never taken", function()
  it("are the same words again", function()
    assert.same({ '2:10 unreachable: "a" is never taken: it stands there before' },
      choices "(a|b|a) c")
    assert.same({ '2:14 unreachable: "a b" is never taken: it stands there before' },
      choices "(a b|c d|a b) e")
  end)

  it("are words with more capitals, for a lower-case letter takes either", function()
    assert.same({
      '2:11 unreachable: "Said" is never taken: "said" before it takes all that it would' },
      choices "(said|Said) x")
    assert.same({}, choices "(Said|said) x")
    assert.same({}, choices '("said"|Said) x')
  end)

  it("go on where the first way through ends the match already", function()
    assert.same({
      '2:18 unreachable: "<num> cm" is never taken: "<num>" before it takes all that it would' },
      choices "about (<num>|<num> cm)")
    assert.same({}, choices "about (<num>|<num> cm) long")
    assert.same({}, choices "about (<num> cm|<num>)")
  end)

  it("are not the longer ones of a rule that is only words: there the longest counts", function()
    assert.same({}, choices "(New|New York)")
    assert.same({ '2:19 unreachable: "New" is never taken: it stands there before' },
      choices "(New York|New|New)")
  end)

  it("are labels that are among those before", function()
    assert.same({
      '2:12 unreachable: "<b>" is never taken: "<a|b>" before it takes all that it would' },
      choices "(<a|b>|<b>) q")
    assert.same({}, choices "(<a>|<a|b>) q")
  end)

  it("are told once for a repeat that is written out, and only if so in each round", function()
    assert.same({ '2:12 unreachable: "a" is never taken: it stands there before' },
      choices "(<a>|a|a){3} c")
    assert.same({}, choices "q (<num>|<num> cm){2}")
  end)

  it("are judged by all ways where a rule needs a certain one: amend and contexts", function()
    assert.same({}, lint [[
      quotes { cue = "_cue" } tag._cue "said" tag.person "Ada"
      amend.quote { "speaker:(<person>|<person> <num>) ... [<quote>]" }
      tag.x { "q <num>", after = "<person>|<person> <num>" }]])
  end)
end)

describe("patterns without a word to look for", function()
  it("are slow", function()
    assert.same({
      "1:8 slow: tried at every capitalised word: no word, term or label must stand in it",
      "2:8 slow: tried at every word: no word, term or label must stand in it" },
      lint "tag.x '<cap>{2,3}'\ntag.y '<word>? <cap>'")
    assert.same({ "1:9 slow: tried at every word that the regex may begin with: " ..
      "no word, term or label must stand in it" }, lint "tag.x [[/[a-z]+ing/]]")
  end)

  it("are not those with a word, a label, a mark or few letters to begin with", function()
    assert.same({}, lint [=[
      tag.x { "HMS <cap>", "<cap> Ltd", "<cap> ... <y>", "<num> <cap>", [[/[A-Z]\w*\/\d+/]] }
      tag.y { "<z> <cap>", [[/A\w+/]], "^ <cap> :" } tag.z "Peru"]=])
  end)
end)

describe("what is there twice", function()
  it("is a pattern that gives nothing new", function()
    assert.same({ "2:8 duplicate: the same pattern as one of rules.lua:1" },
      lint "tag.x 'HMS name:<cap>'\ntag.x 'HMS name:<cap>'")
    assert.same({}, lint "tag.x 'HMS <cap>'\ntag.x 'HMS name:<cap>'")
    assert.same({}, lint "tag.x 'HMS <cap>'\ntag.x { 'HMS <cap>', set = { kind = 'ship' } }")
    assert.same({}, lint "tag.x 'HMS <cap>'\ntag.y 'HMS <cap>'")
    assert.same({}, lint "tag.x { 'HMS <cap>', after = 'the' }\ntag.x 'HMS <cap>'")
    assert.same({}, lint("tag.x { 'HMS <cap>', keep = function() return true end }\n" ..
      "tag.x 'HMS <cap>'"))
    assert.same({ "2:10 duplicate: the same pattern as one of x/a (rules.lua:1)" },
      lint "tag.x { id = 'a', 'HMS <cap>' }\ntag.x { 'HMS <cap>', after = 'the' }")
  end)

  it("is a phrase or a term", function()
    assert.same({ "2:13 duplicate: these words are in rules.lua:1 already" },
      lint "tag.x 'Cold War|Korea'\ntag.x 'Peru|Cold  War'")
    assert.same({ "2:1 duplicate: the term 'Cold War' is in rules.lua:1 already" },
      lint "tag.x 'Cold War|Korea'\ntag.x { terms = { 'Cold War', 'cold war', 'Cold-War' } }")
    assert.same({ "1:1 duplicate: the term 'été d'Oslo' is there twice" },
      lint "tag.x { terms = { 'été d’Oslo', 'Bergen', 'été d\\'Oslo' } }")
    assert.same({}, lint "tag.x { terms = { 'Oslo', { 'Oslo', iso = 'NO' } } }")
    assert.same({ "1:1 duplicate: the term 'Oslo' is there twice" },
      lint "tag.x { terms = { { 'Oslo', iso = 'NO' }, 'Oslo' } }")
    assert.same({},
      lint "tag.x { terms = { 'Oslo' } } tag.x { case = 'exact', terms = { 'Oslo' } }")
  end)
end)

describe("names", function()
  it("of captures are lost in vetoes, contexts and helpers", function()
    assert.same({ "2:9 unused-capture: a veto has no attributes: 'w' is lost",
      "3:27 unused-capture: nothing is kept of a context: 'k' is lost",
      "4:9 unused-capture: no rule asks for 'v' of this helper label" },
      lint("tag.x 'HMS kind:<cap>'\nveto.x 'w:<cap> Ltd'\ntag.y { 'q <num>', after='k:<cap>' }\n" ..
        "tag._z 'v:Peru'\ntag.u 'to <_z>'"))
    assert.same({}, lint "tag._z 'v:Peru'\ntag.u 'to <_z v=Peru>'")
    assert.same({}, lint "tag._z { 'v:Peru', keep = function(m) return m.v end }\ntag.u 'to <_z>'")
  end)

  it("of captures may be words by mistake", function()
    assert.same({ "1:8 capture-word: 'said' is a capture here and a word elsewhere; for a colon " ..
      "in the text put a space behind it" }, lint "tag.x 'said:<num> cm' tag.y 'who said'")
    assert.same({}, lint "tag.x 'said:<num> cm' tag.y 'who asked'")
    assert.same({}, lint "tag.x { 'said:<num> cm', set = { k = '$said' } } tag.y 'who said'")
  end)

  it("of helpers that nobody asks for", function()
    assert.same({
      "2:1 unused-label: no rule refers to the helper label <_b>, and it is never shown" },
      lint "tag._a 'a'\ntag._b 'b'\ntag.x 'the <_a>'")
    assert.same({}, lint "tag._a 'a' ignore '_a' tag._c 'c' quotes { cue = '_c' }")
  end)

  it("of contexts that nothing can fill", function()
    assert.same({ "1:1 context: not_after never applies: nothing stands before ^",
      "2:1 context: before never holds: nothing stands behind $" },
      lint "tag.x { '^ HMS <cap>', not_after = 'the' }\ntag.y { 'HMS <cap> $', before = 'x' }")
    assert.same({}, lint "tag.x { '^ HMS <cap>', after = '<para>' }")
  end)
end)

describe("sources", function()
  it("are looked at for words of two scripts", function()
    local words = "'\208\144pple' mixes scripts: \208\144 U+0410 is Cyrillic, the others Latin"
    assert.same({ "1:20 scripts: " .. words, "t.tsv:3:3 scripts: " .. words }, lint(
      "tag.x { terms = { '\208\144pple', '\206\188m', 'k\206\169', '\195\169t\195\169' } } " ..
      "tag.y { file = 't' } -- \208\144pple\ntag.z [[/[a-z\208\176-\209\143]x/ foo]]",
      { ["t.tsv"] = "n\tis\n# \208\144pple\nx\t\208\144pple\n" }))
    assert.same({}, lint("tag.y { file = 't' }",
      { ["t.tsv"] = "n\tis\n# lint: scripts (so in the source)\nx\t\208\144pple\n" }))
    assert.same({ "t.csv:2:1 scripts: " .. words }, lint("tag.y { file = 't' }", -- there is no t.tsv
      { ["t.csv"] = "n,is\n\208\144pple,x\n" }))
  end)

  it("are looked at for what Luas disagree on, but not in strings and comments", function()
    assert.same({}, lint [==[tag.x { "a & b | utf8.char ~ goto \\< c" } -- // & goto
      --[[ // ]] tag.y { [[/\d\x41\// & b]] }]==])
    assert.same({ "1:53 lua: there is no utf8 in rule files; p.utf8 is the same in every Lua" },
      lint "tag.x { 'a b', keep = function(m) return not m.k or utf8.char(1) end }")
  end)
end)

-- Lua 5.1 does not compile what 5.4 does, so that these are looked at without loading them.
describe("portable", function()
  local lexer, portable = require "postil.lint.lexer", require "postil.lint.portable"

  local function look(source)
    local places = {}
    portable(source, lexer.tokens(source), function(at, words)
      places[#places + 1] = at .. " " .. words:match "^%S+"
    end)
    return table.concat(places, ", ")
  end

  it("finds operators", function()
    assert.equal("10 //, 18 &, 25 |, 30 ~, 36 <<, 44 >>",
      look "local a =// 2, b & c, d | e, ~f, g << h, i >> j")
    assert.equal("", look "a = b / c ~= d .. e <= f >= g == h ... < i > j")
  end)

  it("finds words and attributes", function()
    assert.equal("1 goto, 11 labels, 17 labels", look "goto done ::done::")
    assert.equal("9 <const>, 36 <close>", look "local x <const>, y = 1; local z, w <close> = 2")
    assert.equal("", look "t.goto_, t.utf8, x < const, y.utf8.z")
    assert.equal("1 there", look "utf8.char(1)")
  end)

  it("finds escapes in quotes only", function()
    assert.equal([[2 \d, 4 \x, 8 \u, 20 \z]], look [["\d\x41\u{2014}", '\z']])
    assert.equal("", look [==["\a\b\f\n\r\t\v\\\"\'\10" .. [=[\d]]\x]=] --[[ "\d" ]]]==])
  end)

  it("finds a call that begins a line, and fractions in hexadecimal", function()
    assert.equal("3 Lua", look "f\n(x)")
    assert.equal("", look "f(\n(x)) return\n(y)")
    assert.equal("1 fractions, 9 fractions", look "0x1p4 + 0x.8 + 0xff + 1e3 + 3.5")
  end)
end)

describe("a comment", function()
  it("says that a finding is meant", function()
    assert.same({}, lint "tag.x { -- lint: slow (few texts)\n  '<cap>' }")
    assert.same({}, lint "tag.x {\n  '<cap>' } -- lint: untested, slow")
    assert.equal(1, #lint "tag.x '<cap>' -- lint: duplicate")
    assert.matches("^1:22 lint: names of findings are wanted here, with commas between: ",
      lint "tag.x 'HMS' -- lint: slw"[1])
  end)
end)

describe("rules without tests", function()
  it("are told of, but for pins and helpers", function()
    local set = assert(postil.load { name = "r.lua", source =
      "tag.x { 'a', yes = '[a]' } tag.y 'b'\npin.z 'c' tag._h 'd' veto.x '<_h>'" })
    local found = {}
    for _, finding in ipairs(set:lint()) do
      found[#found + 1] = finding.line .. " " .. finding.name .. " " .. finding.rule
    end
    assert.same({ "1 untested r.lua:1", "2 untested r.lua:2" }, found)
  end)
end)

describe("describe", function()
  it("tells of labels", function()
    local set = assert(postil.load { name = "r.lua", source = [[
      tag.ship { id = "a", "HMS name:<cap>", set = { navy = "RN", n = function() return 1 end },
        yes = "The [HMS Dove] left." }
      tag.ship { terms = { "Tern", { "Skua", flag = "DK" } }, set = { t = "$flag" } }
      tag._h { terms = { "x" } } veto.ship { "k:<_h>", yes = "none" }]] })
    local labels = set:describe()
    assert.same({ "ship", "_h" }, { labels[1].label, labels[2].label })
    assert.same({ { name = "flag", how = { "term" } }, { name = "n", how = { "function" } },
      { name = "name", how = { "capture" } }, { name = "navy", how = { "constant" } },
      { name = "t", how = { "template" } } }, labels[1].attributes)
    assert.same({ "The [HMS Dove] left.", "Tern", 2 },
      { labels[1].example, labels[1].term, labels[1].terms })
    assert.same({ name = "ship/a", verb = "tag", file = "r.lua", line = 1, patterns = 1,
      terms = 0 }, labels[1].rules[1])
    assert.same({ true, "x" }, { labels[2].helper, labels[2].term })
  end)
end)

describe("figures", function()
  local function figures(source, ...)
    local set = assert(postil.load { name = "r.lua", source = source })
    set:count()
    local tags = 0
    for _, text in ipairs { ... } do
      local doc = assert(set:tag(text))
      for tag in doc:each() do tags = tags + (tag.rule and 1 or 0) end
      doc:close()
    end
    return set:stats(), tags
  end

  it("tell what becomes of what rules find", function()
    local list = figures([[
      tag.a { id = "long", "HMS <cap> of <cap>" }
      tag.a { id = "short", "HMS <cap>" }
      tag.a { id = "never", "USS <cap>" }
      tag.b { id = "after", "Dove", after = "the" }
      tag.b { id = "refused", "Wren", keep = function(m) return false end }
      veto.a { id = "veto", "HMS Tern" }
      tag.c { id = "strong", prio = 1, "Dove of" }]],
      "HMS Dove of Kent, HMS Wren, HMS Tern.", "HMS Dove of Kent")
    local seen = {}
    for i, stat in ipairs(list) do
      seen[i] = table.concat({ stat.name, stat.found, stat.kept, stat.context, stat.vetoed,
        stat.refused, stat.merged, stat.beaten }, " ")
    end
    assert.same({ "a/long 2 0 0 0 0 0 2", "a/short 4 1 0 1 0 0 2", "a/never 0 0 0 0 0 0 0",
      "b/after 2 0 2 0 0 0 0", "b/refused 1 0 0 0 1 0 0", "a/veto 1 1 0 0 0 0 0",
      "c/strong 2 2 0 0 0 0 0" }, seen)
    assert.same({ { by = 7, times = 2 } }, list[1].lost)
    assert.same({ { by = 1, times = 2 }, { by = 6, times = 1 } }, list[2].lost)
    assert.is_true(list[2].steps > 0 and list[2].seconds >= 0)
    assert.equal(4, list[2].patterns[1].found)
  end)

  it("count the tags that there are, also of aliases and amended ones", function()
    local list, tags = figures([[
      quotes { cue = "_cue" } tag._cue { terms = { "said" } } tag._a { terms = { "the" } }
      tag.b "<_a> road" tag.person { id = "full", "(Ada|Bert) family:Vexholm" }
      alias.person { id = "short", "[=family]" }
      amend.quote { id = "after", "[<quote>] ,? cue:<_cue> speaker:<person>" }
      amend.quote { id = "before", "speaker:<person> cue:<_cue> , [<quote>]" }
      block.head { id = "first", at = "first line" }]],
      "A head\n\n“We sail at dawn,” said Ada Vexholm.\n\nVexholm said, “It is late.”")
    local by_name = {}
    for _, stat in ipairs(list) do by_name[stat.name] = stat end
    assert.same({ 1, 1, 1, 1, 1 }, { by_name["person/full"].kept, by_name["person/short"].kept,
      by_name["quote/after"].kept, by_name["quote/before"].kept, by_name["head/first"].kept })
    assert.same({ true, false, true }, { list[1].counted, list[2].counted, list[3].counted })
    assert.equal(tags, 3)
  end)

  it("are not touched by asking why, and go on behind it", function()
    local set = assert(postil.load { name = "r.lua", source = "tag.a 'HMS <cap>'" })
    set:count()
    local doc = assert(set:tag "HMS Dove")
    doc:why(1)
    assert.equal(1, set:stats()[1].found)
    assert(set:tag "HMS Dove, HMS Wren")
    assert.equal(3, set:stats()[1].found)
  end)

  it("need to be asked for", function()
    assert.has_error(function() assert(postil.load "tag.x 'a'"):stats() end, "nothing was counted")
  end)
end)

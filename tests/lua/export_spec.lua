-- The exporters and the command's parts that need no library: on every Lua.

local ansi = require "postil.ansi"
local day = require "postil.day"
local export = require "postil.export"
local inline = require "postil.inline"
local json = require "postil.json"
local matches = require "postil.matches"
local options = require "postil.command.options"
local output = require "postil.command.output"
local progress = require "postil.command.progress"
local styles = require "postil.styles"
local unicode = require "postil.unicode"
local visible = require "postil.visible"

-- A small generator of its own, the same numbers on every Lua.
local function random(seed)
  local state = seed
  return function(n)
    state = (state * 1103515245 % 2147483648 + 12345) % 2147483648
    return math.floor(state / 65536) % n
  end
end

-- Bytes that are often UTF-8, often nearly.
local function wild(next, n)
  local pieces = { "a", " ", "\27[0m", "\0", "\r\n", "\r", "\t", "“", "é", "\194\155",
    "\226\128\174", "\240\159\152\128", "\243\160\129\129", "\237\160\128", "\224\128\128",
    "\255", "\226\128", "\194", "\244\144\128\128", "\\", '"', "<", "&" }
  local out = {}
  for i = 1, n do out[i] = pieces[next(#pieces) + 1] end
  return table.concat(out)
end

-- A document made by hand: tags are { first, last, label, attributes = { { name, value } ... } }.
local function document(text, tags, faults)
  local doc = {}
  for _, tag in ipairs(tags) do
    tag.rule, tag.text = tag.rule or tag.label .. "/test", text:sub(tag.first, tag.last)
    tag.name, tag.depth, tag.parts = tag.name or tag.text, tag.depth or 0, tag.parts or {}
    for _, pair in ipairs(tag.attributes or {}) do tag[pair.name] = pair.value end
  end
  function doc.each()
    local i = 0
    return function() i = i + 1 return tags[i] end
  end
  function doc.attrs(_, tag)
    local copy = {}
    for i, pair in ipairs(tag.attributes or {}) do copy[i] = pair end
    return copy
  end
  function doc.faults() return faults or {} end
  function doc.place(_, at) return 1, at, at, at end
  return doc
end

describe("unicode", function()
  it("decodes code points and tells maximal ill-formed subparts apart", function()
    local cases = { { "a", 97, 1 }, { "é", 233, 2 }, { "€", 8364, 3 },
      { "\240\159\152\128", 128512, 4 }, { "\128", nil, 1 }, { "\192\128", nil, 1 },
      { "\224\128\128", nil, 1 }, { "\226\128a", nil, 2 },
      { "\237\160\128", nil, 1 }, { "\240\159\152", nil, 3 }, { "\244\144\128\128", nil, 1 },
      { "\245\128", nil, 1 }, { "\194", nil, 1 } }
    for _, case in ipairs(cases) do
      local code, len = unicode.decode(case[1], 1)
      assert.are.equal(case[2], code)
      assert.are.equal(case[3], len)
    end
  end)
end)

describe("json", function()
  it("escapes what JSON and terminals must not see", function()
    assert.are.equal([["a\"\\\n\u0000\u007f“é"]], json.string "a\"\\\n\0\127“é")
    assert.are.equal([["\u009b\u202e\udb40\udc41"]],
      json.string "\194\155\226\128\174\243\160\129\129")
  end)
  it("writes U+FFFD for each ill-formed subpart", function()
    assert.are.equal('"\239\191\189a\239\191\189\239\191\189"', json.string "\226\128a\255\192")
  end)
  it("writes whole numbers without a point", function()
    assert.are.equal("3", json.number(3.0))
    assert.are.equal("0", json.number(-0.0))
    assert.are.equal("9007199254740991", json.number(9007199254740991))
    assert.are.equal("0.1", json.number(0.1))
    assert.are.equal("1.5e+300", json.number(1.5e300))
    assert.are.equal("null", json.number(0 / 0))
    assert.are.equal("null", json.number(-1 / 0))
  end)
end)

describe("visible", function()
  it("shows controls in words and lets line ends and tabs pass", function()
    assert.are.equal("a^[[0m^@^?\t\r\n^Mb", visible.text "a\27[0m\0\127\t\r\n\rb")
    assert.are.equal("<U+009B><U+202E><FF>“é", visible.text "\194\155\226\128\174\255“é")
    assert.are.equal("a b c", visible.line "a\r\n b\t\n\nc")
  end)
  it("never lets one through, and changes nothing else", function()
    local next = random(7)
    for _ = 1, 500 do
      local text = wild(next, next(30))
      local shown = visible.text(text)
      local rest = shown:gsub("\r\n", "\n")
      assert.is_nil(rest:find "[%z\1-\8\11-\31\127]")
      local i = 1
      while i <= #shown do
        local code, len = unicode.decode(shown, i)
        assert.is_truthy(code)
        assert.is_false(unicode.unsafe(code))
        i = i + len
      end
      local clean = text:gsub("[^a-z <&\\\"]", "")
      assert.are.equal(clean, visible.text(clean))
    end
  end)
end)

describe("lines", function()
  it("is one line a tag, whatever the text holds", function()
    local doc = document("a\27\nb", { { first = 1, last = 4, label = "x", name = "a, b" } })
    assert.are.equal('f^[:1:1: x: a^[ b  [name="a, b"]\n', export.lines(doc, "a\27\nb", "f\27"))
  end)
end)

describe("inline", function()
  it("nests, and splits what crosses", function()
    local text = "ab<cd&ef"
    local doc = document(text, { { first = 1, last = 5, label = "q" },
      { first = 2, last = 2, label = "i" }, { first = 4, last = 7, label = "c" } })
    assert.are.equal('<q>a<i>b</i>&lt;<c>cd</c></q><c continued="yes">&amp;e</c>f',
      inline.show(doc, text))
  end)
  it("is well formed, and the text when its tags are taken out", function()
    local next = random(3)
    for _ = 1, 300 do
      local text = wild(next, 20)
      local tags = {}
      for i = 1, next(6) do
        local first = 1 + next(#text)
        tags[i] = { first = first, last = first + next(#text - first + 1), label = "l" .. i }
      end
      table.sort(tags, function(a, b)
        if a.first ~= b.first then return a.first < b.first end
        if a.last ~= b.last then return a.last > b.last end
        return a.label < b.label
      end)
      local shown = inline.show(document(text, tags), text)
      local open = {}
      for slash, label in shown:gmatch "<(/?)(l%d)[^>]*>" do
        if slash == "" then
          open[#open + 1] = label
        else
          assert.are.equal(label, table.remove(open))
        end
      end
      assert.are.equal(0, #open)
      local back = shown:gsub("<[^>]*>", ""):gsub("&lt;", "<"):gsub("&gt;", ">"):gsub("&amp;", "&")
      assert.are.equal(text, back)
    end
  end)
end)

describe("ansi", function()
  local table_of, order = styles.read(nil)
  local function show(doc, text)
    return ansi.show(doc, text, { styles = table_of, order = order, color = true })
  end
  it("closes colours at line ends and nests them", function()
    local text = "“a Bo\nc” d\n"
    local doc = document(text, { { first = 1, last = 12, label = "quote" },
      { first = 6, last = 7, label = "person" } })
    assert.are.equal("\27[3;32mquote\27[0m  \27[1;4;35mperson\27[0m\n\n\27[3;32m“a \27[0m"
      .. "\27[3;32;1;4;35mBo\27[0m\n\27[3;32mc”\27[0m d\n",
      show(doc, text))
  end)
  it("shows the speaker behind the quotation and a fault where a mark is missing", function()
    local text = "a” b"
    local doc = document(text, { { first = 1, last = 4, label = "quote", attributes = {
      { name = "speaker", value = { first = 6, last = 6, name = "X\27" } } } } },
      { { first = 1, last = 0, fault = "missing-open", words = "" } })
    assert.are.equal("quote  fault\n\n‹missing-open›a” ‹X^[› b\n",
      (show(doc, text):gsub("\27%[[%d;]*m", "")))
  end)
  it("is the text when what it adds is taken out", function()
    local next = random(11)
    for _ = 1, 300 do
      local text = wild(next, 30) .. "\n"
      local starts, at = {}, 1 -- of code points and ill-formed sequences
      while at <= #text do
        starts[#starts + 1], at = at, at + select(2, unicode.decode(text, at))
      end
      starts[#starts + 1] = at
      local tags = {}
      for i = 1, 3 do
        local first = 1 + next(#starts - 1)
        local last = first + 1 + next(#starts - first)
        tags[i] = { first = starts[first], last = starts[last] - 1, label = "person" }
      end
      table.sort(tags, function(a, b) return a.first < b.first end)
      local bare = show(document(text, tags), text):gsub("\27%[[%d;]*m", "")
      assert.are.equal(visible.text(text), (bare:gsub("^[^\n]*\n\n", "")))
    end
  end)
end)

describe("styles", function()
  it("can be overridden one by one", function()
    local table_of, _, bad = styles.read "person=7:quote=:bad=x:ship=1;35"
    assert.are.equal("7", table_of.person)
    assert.are.equal("", table_of.quote)
    assert.are.equal("1;35", table_of.ship)
    assert.are.equal("4", table_of.unheard_of)
    assert.are.equal("bad=x", bad)
  end)
end)

describe("options", function()
  local allowed = { to = { "lines", "jsonl" }, rules = true, e = true, fix = true, help = true }
  it("takes values in every spelling and keeps the order of what may be repeated", function()
    local values, files = options.read({ "a", "--to=jsonl", "-e", "x", "-ey", "--rules", "r", "-",
      "--", "--fix" }, allowed)
    assert.are.same({ to = "jsonl", e = { "x", "y" }, rules = { "r" } }, values)
    assert.are.same({ "a", "-", "--fix" }, files)
  end)
  it("refuses the rest, with a guess", function()
    local function words(...) return select(2, options.read({ ... }, allowed)) end
    assert.are.equal("unknown option --rulse (did you mean --rules?)", words "--rulse")
    assert.are.equal("unknown option --zzzz", words "--zzzz")
    assert.are.equal("unknown option -x", words "-x")
    assert.are.equal("--to needs a value", words "--to")
    assert.are.equal("--fix takes no value", words "--fix=1")
    assert.are.equal("--to line: must be lines, jsonl (did you mean lines?)",
      words("--to", "line"))
  end)
  it("knows days", function()
    for one, is in pairs { ["2024-02-29"] = true, ["2023-02-29"] = false, ["1900-02-29"] = false,
      ["2000-02-29"] = true, ["2023-13-01"] = false, ["2023-04-31"] = false,
      ["2023-1-1"] = false } do
      assert.are.equal(is, day.is_day(one))
    end
  end)
end)

describe("matches", function()
  it("takes whole words, with capitals where they are asked for", function()
    assert.is_true(matches.name "vexholm" "Ada Vexholm")
    assert.is_true(matches.name " Ada  Vexholm" "Ada Vexholm")
    assert.is_false(matches.name "Vex" "Ada Vexholm")
    assert.is_false(matches.name "VEXHOLM" "Ada Vexholm")
    assert.is_false(matches.name "A.a" "Ada Vexholm")
  end)
end)

describe("output", function()
  local function host(tty, log)
    return { isatty = function() return tty end, screen = function() return 5, 10 end,
      write = function(s) log[#log + 1] = s return true end,
      pager = function(command) log[#log + 1] = "<" .. command .. ">" return true end,
      finish = function() log[#log + 1] = "." return true end }
  end
  local function env(values) return function(name) return values[name] end end
  it("chooses the pager", function()
    assert.are.equal("less -F -R", output.pager_for(env {}))
    assert.are.equal("less", output.pager_for(env { LESS = "-S" }))
    assert.are.equal("less -F -R", output.pager_for(env { PAGER = "/usr/bin/more" }))
    assert.are.equal("more", output.pager_for(env { PAGER = "x", POSTIL_PAGER = "more" }))
    assert.are.equal("/bin/less -S -F -R", output.pager_for(env { PAGER = "/bin/less -S" }))
    assert.is_nil(output.pager_for(env { PAGER = "" }))
    assert.is_nil(output.pager_for(env { PAGER = "less", TERM = "dumb" }))
    assert.is_nil(output.pager_for(env { PAGER = "less", POSTIL_PAGER = "" }))
  end)
  it("starts it when the screen is full, counting wrapped rows", function()
    local log = {}
    local out = output.open(host(true, log), env {}, true)
    out:write "one\ntwo\n"
    out:write "\27[1m0123456789012\27[0m\n"
    assert.are.same({}, log)
    out:write "five\n"
    out:write "six\n"
    out:finish()
    -- A pager that is not installed must not swallow the text.
    local pager = "<command -v less >/dev/null || exec cat; less -F -R>"
    assert.are.same({ pager, "one\ntwo\n\27[1m0123456789012\27[0m\nfive\n", "six\n",
      "." }, log)
  end)
  it("never pages into a pipe", function()
    local log = {}
    local out = output.open(host(false, log), env {}, true)
    for _ = 1, 3 do out:write "a\nb\nc\n" end
    out:finish()
    assert.are.same({ "a\nb\nc\n", "a\nb\nc\n", "a\nb\nc\n", "." }, log)
  end)
end)

describe("progress", function()
  local function run(err, out, collected)
    local said, now = {}, 0
    local host = { clock = function() return now end, say = function(s) said[#said + 1] = s end }
    function host.isatty(which) return which == "err" and err or which == "out" and out end
    local bar = progress.open(host, 2e6, collected)
    for i = 1, 30 do
      now = i / 10
      bar:step(i * 1e5, i)
    end
    bar:clear()
    return said
  end
  it("speaks on a terminal, after a second, and wipes itself away", function()
    local said = run(true, false)
    assert.are.equal("\r\27[Kpostil: 10 documents, 1.0 MB of 2.0 MB (50 %), 1 s", said[1])
    assert.are.equal("\r\27[K", said[#said])
  end)
  it("is silent in a pipe and while output runs over the terminal", function()
    assert.are.same({}, run(false, false))
    assert.are.same({}, run(true, true))
    assert.is_true(#run(true, true, true) > 1)
  end)
end)

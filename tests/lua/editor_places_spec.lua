-- What stands at a place of a text, where one goes from there, what is said of it, and lists of
-- places.

local Buffer = require "postil.editor.buffer"
local complete = require "postil.editor.complete"
local faults = require "postil.editor.faults"
local hover = require "postil.editor.hover"
local lists = require "postil.editor.lists"
local objects = require "postil.editor.objects"

local TEXT = [[
Minister quits over port deal

“The contract was ‘never’ shown to us,” said Finance Minister Ana Rocha. “We asked four times.”
Rocha, who left on Monday, called the $3.2 billion deal “a fairy tale”. ”

"We signed nothing," Karl Lund told reporters.
]]

describe("places of a text", function()
  local buffer

  local function open(text, rules)
    if buffer then buffer:close() end
    buffer = assert(Buffer.open { text = text, rules = rules })
    buffer:finish()
  end

  before_each(function() open(TEXT, "news") end)
  after_each(function()
    buffer:close()
    buffer = nil
  end)

  local function at(words) return (TEXT:find(words, 1, true)) end

  local function words(one) return one and buffer:text(one.first, one.last) end

  local function all(list)
    local out = {}
    for i, one in ipairs(list) do out[i] = words(one) end
    return out
  end

  describe("as objects", function()
    it("are told the innermost first", function()
      assert.same({ "‘never’", "“The contract was ‘never’ shown to us,”" },
        all(objects.at(buffer, at "never")))
      assert.same({ "Ana Rocha" }, all(objects.at(buffer, at "Rocha")))
      assert.same({}, objects.at(buffer, at "Ana Rocha", "quote"))
      assert.same({}, objects.at(buffer, at "left"))
      assert.same({}, objects.at(buffer, #TEXT + 1))
      -- Where a tag ends it is still there, behind that it is not.
      local last = at "us,”" + #"us,”" - 1
      assert.equal(1, #objects.at(buffer, last))
      assert.equal(0, #objects.at(buffer, last + 1))
    end)

    it("have an inside", function()
      local list = objects.at(buffer, at "never")
      assert.equal("never", words(objects.inner(buffer, list[1])))
      assert.equal("The contract was ‘never’ shown to us,", words(objects.inner(buffer, list[2])))
      local tag = objects.at(buffer, at "Ana")[1]
      assert.equal("Ana Rocha", words(objects.inner(buffer, tag)))
    end)

    it("have an inside without blanks, and without the marks of others", function()
      for text, inside in pairs {
        ["« Rien\194\160», he said."] = "Rien",
        ["“He said ‘no’” to us."] = "He said ‘no’",
        ["“‘No’, he said,” she said."] = "‘No’, he said,",
        ["\"No more.\""] = "No more.",
        ["“Nobody came, she said, and left ‘early’"] = "Nobody came, she said, and left ‘early’",
      } do
        open(text, "quotes {}")
        local found = objects.at(buffer, text:find "%a", "quote")
        assert.equal(inside, words(objects.inner(buffer, found[#found])), text)
      end
    end)

    it("have an inside in each of their paragraphs", function()
      open("“One is here.\n\n“Two is there.\n\n“Three is gone,” said Ana Rocha.\n", "news")
      local tag = objects.at(buffer, 5, "quote")[1]
      assert.equal(3, #tag.parts)
      for _, pair in ipairs { { "One", "One is here." }, { "Two", "Two is there." },
        { "Three", "Three is gone," } } do
        local place = buffer:text():find(pair[1])
        assert.equal(pair[2], words(objects.inner(buffer, tag, place)))
      end
      assert.equal("One is here.", words(objects.inner(buffer, tag)))
    end)

    it("are found in both directions", function()
      assert.equal("“We asked four times.”", words(objects.next(buffer, at "Ana", "quote")))
      assert.equal("“a fairy tale”", words(objects.next(buffer, at "Ana", "quote", 2)))
      assert.equal("\"We signed nothing,\"", words(objects.next(buffer, at "Ana", "quote", 99)))
      assert.equal("‘never’", words(objects.previous(buffer, at "Ana", "quote")))
      assert.equal("“The contract was ‘never’ shown to us,”",
        words(objects.previous(buffer, at "Ana", "quote", 99)))
      assert.equal("person", objects.next(buffer, 1, "person").label)
      assert.equal("Rocha", words(objects.next(buffer, at "Ana", "person|org")))
      -- Where a tag begins is not behind itself, nor before.
      assert.equal("Rocha", words(objects.next(buffer, at "Ana", "person")))
      assert.is_nil((objects.previous(buffer, at "Ana", "person")))
    end)

    it("say where there is none", function()
      assert.same({ nil, "there is no ship behind here" }, { objects.next(buffer, 1, "ship") })
      assert.same({ nil, "there is no quote before here" }, { objects.previous(buffer, 1, "quote") })
      assert.same({ nil, "there is no tag behind here" }, { objects.next(buffer, #TEXT) })
      open("", "news")
      assert.is_nil((objects.next(buffer, 1)))
      assert.is_nil((objects.previous(buffer, 1)))
    end)

    it("are found far away", function()
      local text = "one " .. ("two "):rep(20000) .. "one one"
      open(text, [[tag.x "one"]])
      assert.equal(80005, objects.next(buffer, 1).first)
      assert.equal(80009, objects.next(buffer, 1, "x", 2).first)
      assert.equal(1, objects.previous(buffer, 80005).first)
      assert.equal(80005, objects.previous(buffer, 80009).first)
      assert.equal(1, objects.previous(buffer, #text, nil, 3).first)
    end)
  end)

  describe("lead", function()
    it("from a quotation to its speaker and back", function()
      assert.equal(at "Ana Rocha", objects.partner(buffer, at "contract").first)
      assert.equal(at "“We asked", objects.partner(buffer, at "Ana").first)
      assert.equal(at "Ana Rocha", objects.partner(buffer, at "asked").first)
      -- A short form speaks, too.
      assert.equal(at "Rocha, who", objects.partner(buffer, at "fairy").first)
      assert.equal(at "“a fairy", objects.partner(buffer, at "Rocha, who").first)
      -- Only a quotation before it.
      assert.equal(at '"We signed', objects.partner(buffer, at "Karl").first)
    end)

    it("from another mention to the first full one", function()
      open("Ana Rocha left. Later Rocha wept.", "news")
      assert.equal(1, objects.partner(buffer, 23).first)
      assert.same({ nil, "this is the first full mention" }, { objects.partner(buffer, 1) })
    end)

    it("nowhere where nothing is, and say so", function()
      assert.same({ nil, "nothing is tagged here" }, { objects.partner(buffer, at "left") })
      assert.same({ nil, "money names nobody: it leads nowhere" }, { objects.partner(buffer, at "$3.2") })
      open("“Go home now.”\n", "news")
      assert.same({ nil, "no speaker of this quotation is known" }, { objects.partner(buffer, 5) })
    end)
  end)

  it("are explained", function()
    local lines = hover.lines(buffer, at "Ana")
    assert.equal("person: Ana Rocha", lines[1])
    assert.equal("  title=Finance Minister", lines[6])
    assert.matches("^  rule person/titled %(person%.lua:%d+%)$", lines[#lines])
    lines = hover.lines(buffer, at "never")
    assert.same({ "quote: ‘never’", "  kind=mixed", "  depth=1", "  no speaker known" },
      { lines[1], lines[2], lines[3], lines[4] })
    assert.equal("quote: “The contract was ‘never’ shown to us,”", lines[5])
    assert.same({}, hover.lines(buffer, at "left"))
  end)

  it("are explained without controls", function()
    open("The HMS Lark\27[31m sailed.", [[tag.ship { "HMS [.{1,3}]", set = { n = "a\27b" } }]])
    for _, line in ipairs(hover.lines(buffer, 9)) do assert.not_matches("%c", line) end
    for _, line in ipairs((hover.why(buffer, 9))) do assert.not_matches("%c", line) end
  end)

  it("tell why, and which rule to open", function()
    local lines, place = hover.why(buffer, at "Ana")
    assert.matches('^tag      tag%.person#%d+ .*person%.lua:%d+ "Ana Rocha"$', lines[1])
    assert.matches("news/person%.lua$", place.file)
    assert.equal(tostring(place.line), lines[1]:match "person%.lua:(%d+)")
    buffer:edit(1, 0, "x")
    assert.is_nil((hover.why(buffer, at "Ana")))
  end)

  it("are listed as the command does", function()
    local function rows(list)
      local out = {}
      for i, row in ipairs(list) do out[i] = words(row) .. " | " .. row.words end
      return out
    end
    assert.same({
      "“The contract was ‘never’ shown to us,” | Ana Rocha: “The contract was ‘never’ shown to us,”",
      "“We asked four times.” | Ana Rocha: “We asked four times.”",
      "“a fairy tale” | Ana Rocha: “a fairy tale”",
      '"We signed nothing," | Karl Lund: "We signed nothing,"',
    }, rows(lists.who(buffer)))
    assert.same({ '"We signed nothing," | Karl Lund: "We signed nothing,"' },
      rows(lists.who(buffer, "lund")))
    assert.same({}, lists.who(buffer, "Lun"))
    assert.same({ "Ana Rocha | Ana Rocha  person  2", "Karl Lund | Karl Lund  person  1" },
      rows(lists.names(buffer)))
    assert.equal(2, lists.names(buffer)[1].count)
    assert.same({ "$3.2 billion | $3.2 billion  money  1" }, rows(lists.names(buffer, "money")))
    assert.same({}, lists.names(buffer, "ship"))
    local found = lists.find(buffer, "rocha")
    assert.same({ "Ana Rocha", "Rocha" }, all(found))
    assert.equal("Rocha, who left on Monday, called the $3.2 billion deal “a fairy tale”. ”",
      found[2].words)
    assert.same({}, lists.find(buffer, "Roch"))
    assert.equal(5, #lists.quotes(buffer))
    assert.equal("‘never’", words(lists.quotes(buffer)[2]))
    assert.same({ "” | stray-close: this closing mark belongs to no quotation" },
      rows(lists.faults(buffer)))
  end)

  it("have faults, and repairs that do not overlap, from the back to the front", function()
    local text = "“ We left,” said Ana Rocha. “We ate .” ”\n\n“He stayed, said Karl Lund.\n"
    open(text, "news")
    local list = faults.list(buffer)
    assert.is_true(#list >= 3)
    for _, options in ipairs { { safe_only = true }, { safe_only = false } } do
      local fixes, left = faults.fixes(buffer, options)
      assert.is_true(#fixes >= 1)
      assert.equal(#list - #fixes, left)
      for i = 2, #fixes do assert.is_true(fixes[i].last < fixes[i - 1].first) end
    end
    assert.is_true(#faults.fixes(buffer) > #faults.fixes(buffer, { safe_only = true }))
    for _, fix in ipairs((faults.fixes(buffer, { safe_only = true }))) do
      assert(buffer:edit(fix.first, fix.last, fix.text))
    end
    assert.equal("“We left,” said Ana Rocha", buffer:text():match "^.-Rocha")
    buffer:finish()
    assert.same({}, (faults.fixes(buffer, { safe_only = true })))
  end)

  it("tells of the faults around a place", function()
    open("It rained. ”\n\nNo.\n\nIt rained. ”\n\nIt rained. ”\n\nIt rained. ”\n\nIt rained. ”\n\n", "news")
    local list = faults.list(buffer)
    assert.equal(5, #list)
    local function around(byte, most)
      local near, left = faults.around(list, byte, most)
      local found = {}
      for i, one in ipairs(near) do found[i] = one.first end
      return found, left
    end
    local function places(first, last)
      local found = {}
      for i = first, last do found[#found + 1] = list[i].first end
      return found
    end
    local size = buffer:text_size()
    for byte, first in pairs { [1] = 1, [list[1].first] = 1, [list[2].last] = 1, [list[3].first] = 2,
      [list[3].last + 1] = 3, [size] = 3 } do
      assert.same({ places(first, first + 2), 2 }, { around(byte, 3) })
    end
    assert.same({ places(1, 5), 0 }, { around(1, 5) })
    assert.same({ places(4, 4), 4 }, { around(list[3].last + 1, 1) })
    assert.same({ {}, 5 }, { around(1, 0) })
  end)

  it("complete names", function()
    local function found(prefix)
      local out = {}
      for i, one in ipairs(complete.names(buffer, prefix)) do
        out[i] = one.words .. " " .. one.count
      end
      return out
    end
    assert.same({ "Rocha 1" }, found "roch")
    assert.same({ "Ana Rocha 2" }, found "ANA")
    assert.same({}, found "Minister")
    assert.same({ "Ana Rocha 2", "Karl Lund 1", "Rocha 1" }, found "")
    buffer:edit(1, 0, "Éva Szűcs met Rocha.\n\n")
    buffer:finish()
    assert.same({ "Éva Szűcs 1" }, found "éVA SZŰ")
    assert.same({ "Rocha 2" }, found "roch")
  end)

  it("know where a name begins that is being written", function()
    for line, first in pairs { [""] = 1, ["Ana Ro"] = 1, ["and then ana"] = 10, ["met Karl L"] = 5,
      ["Rocha, kar"] = 8, ["he saw"] = 4, ["he saw "] = 8, ["it was Ana "] = 8, ["(Ro"] = 2,
      [("é"):rep(400) .. " Ana R"] = 802, [("é"):rep(400)] = 289 } do
      assert.equal(first, complete.start(buffer, line), line)
    end
  end)
end)

-- Documents that follow edits: doc:edit, doc:splice, doc:changes.  STORIES in the environment: how
-- many texts are edited at random.

local edits = require "edits"
local postil = require "postil"

local STORIES = tonumber(os.getenv "STORIES") or 6
local RULES = [[tag.word { "here" }]]

-- The tags of a document as words.
local function listing(doc)
  local list = {}
  for tag in doc:each() do
    list[#list + 1] = ("%d-%d %s %s"):format(tag.first, tag.last, tag.label, tag.text)
  end
  return list
end

-- A line of the text for each tag: where it stands, what it is, and its attributes but for names;
-- and one for each fault; one without a width stands where what lacks a mark does.
local function tags_of(doc)
  local list = {}
  for tag in doc:each() do
    local words = { tag.label, tostring(tag.rule), tag.text }
    for _, pair in ipairs(doc:attrs(tag)) do
      local value = pair.value
      if type(value) == "table" then value = "place" end
      words[#words + 1] = pair.name .. "=" .. tostring(value)
    end
    list[#list + 1] = { first = tag.first, last = tag.last, words = table.concat(words, " ") }
  end
  for _, fault in ipairs(doc:faults()) do
    local first, last = fault.first, fault.last
    if last < first then
      if fault.fault == "missing-open" then last = first else first = last end
    end
    list[#list + 1] = { first = first, last = last, words = fault.fault }
  end
  return list
end

-- Where a byte of the text before some edits stands behind them; nil: it is gone or touched.
local function moved(at, done)
  for _, e in ipairs(done) do
    if at >= e.first and at <= e.last then return nil end
    if at > e.last then at = at + #e.new - (e.last - e.first + 1) end
  end
  return at
end

-- Tags by place and words, but for those that overlap a stretch.
local function outside(list, stretches)
  local found = {}
  for _, tag in ipairs(list) do
    local touched = not tag.first or not tag.last
    for _, s in ipairs(stretches) do
      touched = touched or tag.first <= s.last and tag.last >= s.first
    end
    if not touched then found[#found + 1] = ("%d-%d %s"):format(tag.first, tag.last, tag.words) end
  end
  table.sort(found)
  return found
end

-- Line and column of a byte, found the slow way.
local function slow_place(text, at)
  local line, from = 1, 1
  while true do
    local first = text:find("[\r\n]", from)
    local last = first and text:sub(first, first + 1) == "\r\n" and first + 1 or first
    if not last or last >= at then return line, at - from + 1 end
    line, from = line + 1, last + 1
  end
end

describe("an edited document", function()
  local set, doc

  before_each(function()
    set = assert(postil.load(RULES))
    doc = assert(set:tag "It is here.\n")
  end)

  it("has the tags of its new text", function()
    local changes, done = assert(doc:edit(1, 2, "Nobody"))
    assert.is_true(done)
    assert.equal("Nobody is here.\n", doc:text())
    assert.same({ "11-14 word here" }, listing(doc))
    assert.is_true(#changes > 0)
    assert.same({}, doc:changes())
  end)

  it("takes text in and away", function()
    assert(doc:edit(1, 0, "Not here, "))
    assert.same({ "5-8 word here", "17-20 word here" }, listing(doc))
    assert(doc:edit(1, #doc:text(), ""))
    assert.equal("", doc:text())
    assert.same({}, listing(doc))
  end)

  it("tags on in steps", function()
    assert.is_true(doc:splice(6, 10, "not"))
    assert.is_true(doc:run())
    assert.same({}, listing(doc))
    assert.is_true(#doc:changes() > 0)
  end)

  it("has its text in pieces as well", function()
    assert.equal("is", doc:text(4, 5))
    assert(doc:edit(4, 5, "was"))
    assert.equal("It was here.\n", doc:text())
    assert.equal("was", doc:text(4, 6))
    assert.equal("here.\n", doc:text(8))
    assert.equal("It", doc:text(nil, 2))
    assert.equal("\n", doc:text(13, 99))
    assert.equal("", doc:text(5, 4))
    assert.equal("", doc:text(99))
    assert.equal("It was here.\n", doc:text(-3, 99))
    assert.has_error(function() doc:text "x" end, "doc:text: first must be a number, not string")
  end)

  it("hands out no tags from before", function()
    local tag = doc:tags()[1]
    assert(doc:edit(1, 0, "x "))
    assert.has_error(function() return tag.text end, "this tag is gone: the document has changed")
  end)

  -- What an edit is said to have changed is all that it has changed.
  it("tells of all that has changed", function()
    local news = assert(postil.load "news")
    for seed = 1001, 1000 + STORIES do
      local story = edits.new(seed)
      local text = story:text(12)
      collectgarbage()
      local edited = assert(news:tag(text, { edits = true }))
      assert.same({}, edited:changes())
      local before, done = tags_of(edited), {}
      for _ = 1, 25 do
        local first, last, new = story:next(text)
        text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
        assert(edited:splice(first, last, new))
        done[#done + 1] = { first = first, last = last, new = new }
        if story:chance(70) then
          while not edited:run(500) do end
          local changes, after = edited:changes(), tags_of(edited)
          for _, tag in ipairs(before) do
            tag.first, tag.last = moved(tag.first, done), moved(tag.last, done)
          end
          assert.same(outside(before, changes), outside(after, changes))
          before, done = after, {}
        end
      end
    end
  end)

  it("tells of the other parts of a quotation of which one goes", function()
    local news = assert(postil.load "news")
    local edited = assert(news:tag("He said: “No.\n\n“Yes.”\n", { edits = true }))
    local function quotations()
      local list = {}
      for tag in edited:each "quote" do list[#list + 1] = { tag.first, tag.last } end
      return list
    end
    assert.same({ { 10, 27 } }, quotations())
    local changes = assert(edited:edit(18, 17, "\t"))
    assert.same({ { 10, 15 }, { 19, 28 } }, quotations())
    assert.same({ { first = 1, last = 28 }, names = true }, changes)
  end)

  it("tells that names elsewhere may be others", function()
    local rules = assert(postil.load [[
      tag.person { "[given:(Anna|Maria) family:<cap>]" } alias.person { "[=family]" } ]])
    local edited = assert(rules:tag("Anna Berg\n\ncame. It rained.\n\nBerg left.\n",
      { edits = true }))
    assert.equal("Anna Berg", edited:tags("person")[2].name)
    assert.is_nil(assert(edited:edit(17, 16, "soon")).names)
    local changes = assert(edited:edit(1, 4, "Maria"))
    assert.is_true(changes.names)
    assert.equal("Maria Berg", edited:tags("person")[2].name)
  end)

  it("has lines as its editor has them", function()
    doc = assert(set:tag("one\r\ntwo\rhere\n", { edits = true, lf = true }))
    assert.same({ 2, 5, 5, 5 }, { doc:place(10) })
    assert(doc:edit(1, 0, "\n"))
    assert.same({ 3, 5, 5, 5 }, { doc:place(11) })
    assert.equal(11, doc:offset(3, 5))
    assert.same({ edits = true, lf = true }, doc:options())
    doc = assert(set:tag("one\r\ntwo\rhere\n"))
    assert.same({ 3, 1, 1, 1 }, { doc:place(10) })
  end)

  it("goes on following edits under another rule set", function()
    local other = assert(postil.load [[tag.word { "Nobody" }]])
    doc = assert(set:tag("It is here.\n", { edits = true }))
    assert(doc:use(other))
    assert.same({ edits = true }, doc:options())
    assert(doc:edit(1, 2, "Nobody"))
    assert.same({ "1-6 word Nobody" }, listing(doc))
  end)

  it("says what is no place of its text", function()
    local _, message = pcall(function() doc:edit(0, 0, "") end)
    assert.matches("edit_spec%.lua:%d+: doc:edit: no such position in the text$", message)
    _, message = pcall(function() doc:edit(1, 0) end)
    assert.matches("edit_spec%.lua:%d+: doc:edit: text must be a string, not nil$", message)
    assert.has_error(function() doc:splice(0, 0, "") end)
    assert.has_error(function() doc:edit(14, 13, "") end)
    assert.has_error(function() doc:edit(3, 1, "") end)
    assert.has_error(function() doc:edit(3, 13, "") end)
  end)

  -- After any edits and undone ones, run whole or in steps, all is as it is of the same text tagged
  -- afresh.
  local function obeys_the_law(rules)
    for seed = 1, STORIES do
      local story, undo = edits.new(seed), {}
      local text = story:text(10)
      collectgarbage() -- it does not see the memory of documents
      local edited = assert(rules:open(text, { edits = true }))
      for step = 1, 25 do
        local first, last, new = story:next(text)
        if undo[1] and story:chance(20) then
          local back = table.remove(undo)
          first, last, new = back.first, back.last, back.new
        else
          undo[#undo + 1] = { first = first, last = first + #new - 1, new = text:sub(first, last) }
        end
        text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
        assert(edited:splice(first, last, new))
        if story:chance(80) then
          while not edited:run(100) do end
          assert.equal(text, edited:text())
          for _ = 1, 4 do
            local at = text:find("%w", story:number(#text + 1)) or #text + 1
            local line, column = edited:place(at)
            assert.same({ slow_place(text, at) }, { line, column })
            assert.equal(at, edited:offset(line, column))
          end
          assert.equal(assert(rules:tag(text)):json(), edited:json(), seed .. ":" .. step)
        end
      end
    end
  end

  it("is what its text is when tagged afresh", function()
    obeys_the_law(assert(postil.load "news"))
  end)

  it("reaches far aliases that ask for a name where another tag stands", function()
    local rules = assert(postil.load [[
      tag.person { "[given:Anna family:Berg]" }
      tag.place { "Berg", prio = -1 }
      alias.person { "[said] =family" } ]])
    local far = ("Nothing here.\n\n"):rep(30)
    local edited = assert(rules:tag("Anna Berg came.\n\n" .. far .. "It rains, said Berg.\n"))
    local function persons()
      local list = {}
      for tag in edited:each "person" do list[#list + 1] = tag.text .. "=" .. tag.name end
      return list
    end
    local both = { "Anna Berg=Anna Berg", "said=Anna Berg" }
    assert(edited:edit(1, 0, ""))
    assert.same(both, persons())
    assert(edited:edit(1, 4, "Nobody"))
    assert.same({}, persons())
    assert(edited:edit(1, 6, "Anna"))
    assert.same(both, persons())
  end)

  -- Aliases that ask for a name beside what they tag, ahead of it, or where another tag stands.
  it("is so with aliases that ask where other tags stand", function()
    obeys_the_law(assert(postil.load [[
      tag._land { terms = { { "Tallinn", is = "EE" }, { "Oslo", is = "NO" } } }
      tag.person { "[given:(Anna|Maria|Karl|Sergei) family:(Berg|Orlov|Lind)]",
        "title:Mr. family:<cap>" }
      tag.person { "[given:(Anna|Éva) Szűcs]", set = { land = "EE" } }
      tag.person { "Otto" }
      tag.place { "Berg", "Orlov", prio = -1 }
      alias.person { "[=family]" }
      alias.person { "[(he|she|said|wrote)] =family", "=family [(met|said|left)]" }
      alias.person { "[added &(=given) Anna]", "[the =family]", nest = true }
      alias.person { "land:<_land> ... [(he|she|it|they)]", same = "land" }
    ]]))
  end)
end)

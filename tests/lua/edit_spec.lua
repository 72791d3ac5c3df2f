-- Documents that follow edits: doc:edit, doc:splice, doc:changes.

local edits = require "edits"
local postil = require "postil"

local RULES = [[tag.word { "here" }]]

-- The tags of a document as words.
local function listing(doc)
  local list = {}
  for tag in doc:each() do
    list[#list + 1] = ("%d-%d %s %s"):format(tag.first, tag.last, tag.label, tag.text)
  end
  return list
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

  it("hands out no tags from before", function()
    local tag = doc:tags()[1]
    assert(doc:edit(1, 0, "x "))
    assert.has_error(function() return tag.text end, "this tag is gone: the document has changed")
  end)

  it("says what is no place of its text", function()
    assert.has_error(function() doc:edit(0, 0, "") end)
    assert.has_error(function() doc:edit(14, 13, "") end)
    assert.has_error(function() doc:edit(3, 1, "") end)
    assert.has_error(function() doc:edit(3, 13, "") end)
  end)

  -- After any edits, run whole or in steps, all is as it is of the same text tagged afresh.
  it("is what its text is when tagged afresh", function()
    local news = assert(postil.load "news")
    for seed = 1, 6 do
      local story = edits.new(seed)
      local text = story:text(10)
      local edited = assert(news:open(text, { edits = true }))
      for step = 1, 25 do
        local first, last, new = story:next(text)
        text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
        assert(edited:splice(first, last, new))
        if story:chance(80) then
          while not edited:run(100) do end
          assert.equal(text, edited:text())
          assert.equal(assert(news:tag(text)):json(), edited:json(), seed .. ":" .. step)
        end
      end
    end
  end)
end)

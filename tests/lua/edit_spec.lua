-- Documents that follow edits: doc:edit, doc:splice, doc:changes.

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
end)

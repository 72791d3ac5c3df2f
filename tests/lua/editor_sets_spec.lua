-- Rule sets that buffers share, and what becomes of the buffers when rule files are saved.

local Buffer = require "postil.editor.buffer"
local folder = require "folder"
local postil = require "postil"
local sets = require "postil.editor.sets"

describe("rules of buffers", function()
  local open, trust = {}, postil.trust
  local trusted -- paths

  local function buffer_of(options)
    local buffer = assert(Buffer.open(options))
    open[#open + 1] = buffer
    return buffer
  end

  -- Its tags, all of them, as words.
  local function texts(buffer)
    buffer:finish()
    local list = {}
    for _, tag in ipairs(buffer:tags()) do list[#list + 1] = tag.label .. " " .. tag.text end
    return table.concat(list, ", ")
  end

  before_each(function()
    trusted = {}
    postil.trust = function()
      return { refusal = function(_, path)
        return not trusted[path] and "not trusted: ask" or nil
      end }
    end
  end)

  after_each(function()
    for _, buffer in ipairs(open) do buffer:close() end
    open, postil.trust = {}, trust
  end)

  it("are shared, and closed with the last buffer", function()
    local path = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local one = buffer_of { text = "one", rules = path .. "/a.lua" }
    local two = buffer_of { text = "one two", rules = { path .. "/a.lua" } }
    local other = buffer_of { text = "one", rules = { path .. "/a.lua", 'tag.y "two"' } }
    local set = one.set
    assert.equal(set, two.set)
    assert.are_not.equal(set, other.set)
    one:close()
    assert.equal("x one", texts(two))
    two:close()
    assert.has_error(function() set:labels() end, "this rule set is closed")
    assert.are_not.equal(set, buffer_of({ text = "", rules = path .. "/a.lua" }).set)
  end)

  it("are others when their file was saved, in every buffer that uses it", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"', ["b.lua"] = 'tag.y "two"' })
    local one = buffer_of { text = "one two", rules = path .. "/a.lua" }
    local two = buffer_of { text = "two", rules = { path .. "/a.lua", path .. "/b.lua" } }
    local apart = buffer_of { text = "one two", rules = path .. "/b.lua" }
    one:finish()
    two:finish()
    apart:finish()
    local set, untouched = one.set, apart.set
    write("a.lua", 'tag.z "two" tag.x "one"')
    local results = sets.reload(path .. "/./a.lua")
    assert.equal(2, #results)
    assert.same({ one }, results[1].buffers)
    assert.is_nil(results[1].message)
    local found = results[1].differences[one]
    assert.same({ new = 1, gone = 0, changed = 0 }, found.sum)
    assert.equal("two", found.new[1].text)
    assert.same({ new = 1, gone = 1, changed = 0 }, results[2].differences[two].sum)
    assert.same({ true, { { first = 1, last = 7 } } }, { one:step() })
    assert.equal("x one, z two", texts(one))
    assert.equal("z two", texts(two))
    assert.equal("x", one:label(one:spans()[3]))
    assert.equal(untouched, apart.set)
    assert.has_error(function() set:labels() end, "this rule set is closed")
    -- Nothing has changed since.
    results = sets.reload(path .. "/b.lua")
    assert.equal(2, #results)
    assert.same({ buffers = { two }, differences = {} }, results[1])
    assert.same({ buffers = { apart }, differences = {} }, results[2])
    assert.same({}, sets.reload(path .. "/c.lua"))
  end)

  it("go on when they do not load any more, or their tests fail", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local buffer = buffer_of { text = "one two", rules = path .. "/a.lua" }
    buffer:finish()
    write("a.lua", 'tag.x "one"\ntag.y {')
    local result = sets.reload(path .. "/a.lua")[1]
    assert.equal(result.errors[1].text, result.message:match "^[^\n]+")
    assert.equal(2, result.errors[1].line)
    assert.is_nil(result.failures)
    assert.same({}, result.differences)
    write("a.lua", 'tag.x { "one", yes = "[two]" }')
    result = sets.reload(path .. "/a.lua")[1]
    assert.is_nil(result.errors)
    assert.equal(1, #result.failures)
    assert.equal(1, result.failures[1].line)
    assert.equal("x one", texts(buffer))
    write("a.lua", 'tag.x { "two", yes = "[two]" }')
    assert.is_nil(sets.reload()[1].message)
    assert.equal("x two", texts(buffer))
  end)

  it("take over in steps where the text is long, and are followed by edits", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local text = ("one and two\n\n"):rep(12000)
    local buffer = buffer_of { text = text, rules = path .. "/a.lua" }
    buffer:finish()
    write("a.lua", 'tag.x "one" tag.y "two"')
    assert.same({}, sets.reload(path .. "/a.lua")[1].differences)
    assert.is_false((buffer:step(1000)))
    assert.is_true(buffer.done)
    assert.equal(12000 * 3, #buffer:spans())
    buffer:edit(1, 3, "two")
    local done, changes, found
    repeat
      done, changes, found = buffer:step(50000)
      assert.is_true(found == nil or done)
    until done ~= false
    assert.same({ sum = { new = 12001, gone = 0 } }, found)
    assert.same({ { first = 1, last = #text } }, changes)
    assert.equal("two", buffer:tags(1, 3)[1].text)
    assert.equal((12001 + 11999) * 3, #buffer:spans())
    assert.same({ true, {} }, { buffer:step() })
  end)

  it("take over at once what nothing is tagged in yet", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local buffer = buffer_of { text = "one two", rules = path .. "/a.lua" }
    write("a.lua", 'tag.x "two"')
    assert.same({}, sets.reload(path .. "/a.lua")[1].differences)
    assert.equal("x two", texts(buffer))
  end)

  it("may be saved again, or the text be another, while others are about to take over", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local text = ("one and two\n\n"):rep(12000)
    local buffer = buffer_of { text = text, rules = path .. "/a.lua" }
    buffer:finish()
    write("a.lua", 'tag.y "two"')
    sets.reload()
    buffer:step(1000)
    write("a.lua", 'tag.z "and"')
    sets.reload()
    buffer:step(1000)
    assert.same({ new = 12000, gone = 12000 }, select(3, buffer:finish()).sum)
    assert.equal("z", buffer:label(buffer:spans()[3]))
    write("a.lua", 'tag.x "one"')
    sets.reload()
    buffer:reset "one more"
    assert.equal("x one", texts(buffer))
    write("a.lua", 'tag.x "two"')
    sets.reload()
    buffer:close()
  end)

  it("go on where the new ones fail at the text", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"' })
    local buffer = buffer_of { text = "one two", rules = path .. "/a.lua" }
    buffer:finish()
    write("a.lua", 'tag.x { "one", keep = function(m) return m.none.x end }')
    local result = sets.reload(path .. "/a.lua")[1]
    assert.matches("a%.lua:1: ", result.differences[buffer].message)
    assert.equal("x one", texts(buffer))
  end)

  it("are those that lie beside the text, if they are trusted", function()
    local path, write = folder(finally, { ["t.postil.lua"] = 'tag.ship "Zork"' })
    local text, own = path .. "/t", path .. "/t.postil.lua"
    local buffer = buffer_of { text = "The Zork met Anna Berg.", path = text }
    assert.same({ path = own, words = "not trusted: ask" }, buffer.untrusted)
    assert.equal("person Anna Berg", texts(buffer))
    assert.same({ own }, buffer:files())
    -- Trusted now.
    trusted[own] = true
    local results = sets.reload(own)
    assert.equal(1, results[1].differences[buffer].sum.new)
    assert.is_nil(buffer.untrusted)
    assert.equal("ship Zork, person Anna Berg", texts(buffer))
    assert.same({ own }, buffer:files())
    -- Changed, and broken: the old ones go on.
    write("t.postil.lua", "tag.ship {")
    results = sets.reload(own)
    assert.equal(own, results[1].errors[1].file)
    assert.equal("ship Zork, person Anna Berg", texts(buffer))
    write("t.postil.lua", 'tag.boat "Zork"')
    sets.reload(own)
    assert.equal("boat Zork, person Anna Berg", texts(buffer))
    -- No longer trusted: they end.
    trusted[own] = nil
    results = sets.reload(own)
    assert.same({ path = own, words = "not trusted: ask" }, results[1].untrusted)
    assert.equal("person Anna Berg", texts(buffer))
    -- Made anew, and gone.
    trusted[own] = true
    sets.reload(own)
    assert.equal("boat Zork, person Anna Berg", texts(buffer))
    write("t.postil.lua", nil)
    sets.reload(own)
    assert.equal("person Anna Berg", texts(buffer))
    assert.is_nil(buffer.untrusted)
  end)

  it("are the usual ones where those beside the text do not load, until they do", function()
    local path, write = folder(finally, { ["t.postil.lua"] = "tag.ship {" })
    local own = path .. "/t.postil.lua"
    trusted[own] = true
    local buffer = buffer_of { text = "The Zork met Anna Berg.", path = path .. "/t" }
    assert.equal(own, buffer.broken.path)
    assert.equal(own, buffer.broken.errors[1].file)
    assert.equal("person Anna Berg", texts(buffer))
    assert.same({ own }, buffer:files())
    write("t.postil.lua", "tag.ship [[<x]]")
    assert.equal(own, sets.reload(own)[1].errors[1].file)
    assert.equal("person Anna Berg", texts(buffer))
    write("t.postil.lua", 'tag.ship "Zork"')
    assert.equal(1, sets.reload(own)[1].differences[buffer].sum.new)
    assert.is_nil(buffer.broken)
    assert.equal("ship Zork, person Anna Berg", texts(buffer))
  end)
end)

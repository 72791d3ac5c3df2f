-- Rules that change while a text is open, on every Lua.

local postil = require "postil"

local new_folder = require "folder"

local function folder(files) return new_folder(finally, files) end

local function texts(doc)
  local list = {}
  for tag in doc:each() do list[#list + 1] = tag.label .. " " .. tag.text end
  return table.concat(list, ", ")
end

local function words(found)
  local list = {}
  for _, sign in ipairs { { "-", found.gone }, { "~", found.changed }, { "+", found.new } } do
    for _, tag in ipairs(sign[2]) do list[#list + 1] = sign[1] .. tag.label .. " " .. tag.text end
  end
  return table.concat(list, ", ")
end

describe("set:reload", function()
  it("is the set itself when nothing has changed", function()
    local path = folder { ["a.lua"] = 'tag.x "one"' }
    for _, what in ipairs { path .. "/a.lua", 'tag.x "one"' } do
      local set = assert(postil.load(what))
      assert.equal(set, set:reload())
    end
    local news = assert(postil.load "news")
    assert.equal(news, news:reload())
  end)

  it("is for sets that are open", function()
    local set = assert(postil.load 'tag.x "one"')
    set:close()
    assert.has_error(function() set:reload() end, "this rule set is closed")
  end)

  it("is a new set when a file has changed, and the old one is as good as ever", function()
    local path, write = folder { ["a.lua"] = 'tag.x "one"', ["b.lua"] = 'tag.y "two"' }
    local set = assert(postil.load { path .. "/a.lua", path .. "/b.lua" })
    write("b.lua", 'tag.z { "two", yes = "one [two]" }')
    local new = assert(set:reload())
    assert.are_not.equal(set, new)
    assert.equal("x one, y two", texts(set:tag "one two"))
    assert.equal("x one, z two", texts(new:tag "one two"))
    assert.equal(new, new:reload())
    set:close()
    assert.equal("x one, z two", texts(new:tag "one two"))
  end)

  it("sees tables, parts of packs, files that appear in front, and those that go", function()
    local path, write = folder {
      ["pack/init.lua"] = 'use "pack/part" tag.x { file = "names" }',
      ["pack/part.lua"] = 'tag.y "two"',
      ["pack/names.tsv"] = "name\none\n",
    }
    local set = assert(postil.load(path .. "/pack"))
    assert.equal("x one, y two", texts(set:tag "one two six"))
    write("pack/names.tsv", "name\nsix\n")
    set = assert(set:reload())
    assert.equal("y two, x six", texts(set:tag "one two six"))
    write("pack/part.lua", 'tag.y "one"')
    set = assert(set:reload())
    assert.equal("y one, x six", texts(set:tag "one two six"))
    os.execute("mkdir " .. path .. "/pack/pack")
    write("pack/pack/part.lua", 'tag.w "two"') -- "pack/part" beside the file comes first
    set = assert(set:reload())
    assert.equal("w two, x six", texts(set:tag "one two six"))
    write("pack/pack/part.lua", nil)
    set = assert(set:reload())
    assert.equal("y one, x six", texts(set:tag "one two six"))
    write("pack/names.tsv", nil)
    local none, message = set:reload()
    assert.is_nil(none)
    assert.matches("init%.lua:1: in tag%.x#1: there is no table names %(%.tsv, ", message)
  end)

  it("is nothing but the errors when rules are wrong, and the old set goes on", function()
    local path, write = folder { ["a.lua"] = 'tag.x "one"' }
    local set = assert(postil.load(path .. "/a.lua"))
    write("a.lua", 'tag.x "one"\ntag.x "<cap"\ntag.y { befor = "x" }')
    local none, message, errors = set:reload()
    assert.is_nil(none)
    assert.matches("a%.lua:2: ", message)
    assert.same({ 2, 3 }, { errors[1].line, errors[2].line })
    assert.equal("x one", texts(set:tag "one"))
    write("a.lua", nil)
    none, message = set:reload()
    assert.is_nil(none)
    assert.matches("a%.lua", message)
    write("a.lua", 'tag.x "one"')
    assert.equal(set, set:reload())
  end)

  it("is nothing but the failures when tests fail", function()
    local path, write = folder { ["a.lua"] = 'tag.x { "one", yes = "[one]" }' }
    local set = assert(postil.load(path .. "/a.lua"))
    write("a.lua", '\ntag.x { "two",\n  yes = "[one] six" }')
    local none, message, failures = set:reload()
    assert.is_nil(none)
    assert.matches('a%.lua:3: no x is "one"', message)
    assert.equal(3, failures[1].line)
    assert.equal("x one", texts(set:tag "one two"))
    write("a.lua", '\ntag.x { "two",\n  yes = "[two] six" }')
    assert.equal("x two", texts(set:reload():tag "one two"))
  end)

  it("asks a source that is a function again", function()
    local text = 'tag.x "one"'
    local set = assert(postil.load { source = function() return text end, name = "buffer" })
    assert.equal(set, set:reload())
    text = 'tag.x "two"'
    set = assert(set:reload())
    assert.equal("x two", texts(set:tag "one two"))
    text = 'tag.x "<"'
    assert.matches("^buffer:1: ", (select(2, set:reload())))
    text = nil
    assert.matches("^buffer: ", (select(2, set:reload())))
    assert.equal("x two", texts(set:tag "one two"))
    local none, message, list = postil.load { name = "b",
      source = function() return nil, "gone" end }
    assert.is_nil(none)
    assert.equal("b: gone", message)
    assert.equal("b", list[1].file)
  end)

  it("runs the tests of the text that it loaded", function()
    local n = 0
    local set = assert(postil.load { name = "b", source = function()
      n = n + 1
      return 'tag.x { "one", yes = "[one]" }'
    end })
    assert.same({}, (set:test()))
    assert.equal(1, n)
  end)
end)

describe("set:files", function()
  it("has the user's files, tables too, and none of the shipped", function()
    local path, write = folder { ["a.lua"] = 'use "news/number" tag.x { file = "t" } use "b"',
      ["b.lua"] = 'tag.y "two"', ["t.tsv"] = "name\none\n" }
    local set = assert(postil.load { path .. "/a.lua", 'tag.z "six"' })
    assert.same({ path .. "/a.lua", path .. "/b.lua", path .. "/t.tsv" }, set:files())
    write("c.lua", 'tag.y "<"')
    write("b.lua", 'use "c"')
    assert.is_nil((set:reload()))
    assert.same({ path .. "/a.lua", path .. "/b.lua", path .. "/c.lua", path .. "/t.tsv" },
      set:files())
  end)
end)

describe("doc:use", function()
  local one, two, text
  before_each(function()
    one = assert(postil.load 'tag.x "one" tag.y "six"')
    two = assert(postil.load 'tag.w "ten" tag.x "one two" tag.y { "six", set = { n = 6 } }')
    text = "one two six ten"
  end)

  it("tags anew in place and returns the difference", function()
    local doc = one:tag(text)
    assert.equal("~x one two, ~y six, +w ten", words(doc:use(two)))
    assert.equal("x one two, y six, w ten", texts(doc))
    assert.equal(6, doc:tags("y")[1].n)
    assert.equal("-w ten, ~x one, ~y six", words(doc:use(one)))
    assert.equal("x one, y six", texts(doc))
    assert.equal("", words(doc:use(one)))
    assert.equal(text, doc:text())
    assert.same({ 1, 5, 5, 5 }, { doc:place(5) })
  end)

  it("has the numbers of the new set's labels", function()
    local doc = one:tag(text)
    doc:use(two)
    local spans = doc:spans "w"
    assert.equal("w", two:labels()[spans[3]])
  end)

  it("makes tags that were handed out before gone, even those that look the same", function()
    local doc = one:tag(text)
    local tag, iterate = doc:tags("y")[1], doc:each()
    iterate()
    doc:use(assert(postil.load 'tag.z "one" tag.y "six"'))
    assert.has_error(function() return tag.text end, "this tag is gone: the document has changed")
    local late = iterate()
    assert.has_error(function() return late.text end, "this tag is gone: the document has changed")
    assert.are_not.equal(tag, doc:tags("y")[1])
    assert.equal("six", doc:tags("y")[1].text)
  end)

  it("leaves the document as it was on failure", function()
    local doc = one:tag(text)
    local tag = doc:tags()[1]
    local bad = assert(postil.load 'tag.x { "one", keep = function(m) return m.text + {} end }')
    local found, message = doc:use(bad)
    assert.is_nil(found)
    assert.matches("^rules:1: attempt to ", message)
    assert.equal("x one, y six", texts(doc))
    assert.equal("one", tag.text)
    two:close()
    assert.has_error(function() doc:use(two) end, "this rule set is closed")
    assert.equal("one", tag.text)
    doc:close()
    assert.has_error(function() doc:use(one) end, "this document is closed")
  end)

  it("keeps the options", function()
    local days = assert(postil.load [[tag.day { "(today|now)", set = { d = function(m) return m.date or "none" end } }]])
    local lines = assert(postil.load 'tag.p "[today] <para> now"')
    for _, options in ipairs { { date = "2026-05-04", by_line = true }, { by_line = false }, {} } do
      local doc = assert(one:tag("today\nnow", options))
      doc:use(days)
      assert.equal(options.date or "none", doc:tags()[1].d)
      assert.same(options, doc:options())
      doc:use(lines)
      assert.equal(options.by_line and 1 or 0, #doc:tags())
      doc:use(days)
      assert.same(options, doc:options())
    end
  end)

  it("holds the new set alive and lets the old one go", function()
    local doc = one:tag(text)
    doc:use(two)
    two:close()
    two = nil
    one:close()
    one = nil
    collectgarbage()
    collectgarbage()
    assert.equal("x one two, y six, w ten", texts(doc))
    assert.equal(6, doc:tags("y")[1].n)
    assert.is_nil(one or two)
  end)

  it("survives the collector", function()
    local doc = one:tag(text)
    for i = 1, 60 do
      doc:use(assert(postil.load('tag.x { "one", set = { y = function(m) return m.text .. "' .. i
        .. '" end } }')))
      collectgarbage()
      assert.equal("one" .. i, doc:tags()[1].y)
    end
  end)

  it("finishes a document that was not tagged to its end", function()
    local doc = one:open(text)
    assert.equal("+x one, +y six", words(doc:use(one)))
    assert.is_true(doc:run())
    assert.equal("x one, y six", texts(doc))
  end)

  it("says that a rule set is wanted, such as set:reload() did not give", function()
    local doc = one:tag(text)
    for _, wrong in ipairs { false, 7, "tag.x 'one'", {}, doc } do
      local ok, message = pcall(function() doc:use(wrong or nil) end)
      assert.is_false(ok)
      assert.matches("live_spec%.lua:%d+: doc:use: a rule set is wanted, not ", message)
    end
    assert.equal("x one, y six", texts(doc))
  end)

  it("takes no document while it is tagged, nor itself", function()
    local doc = one:tag(text)
    assert.has_error(function() doc:adopt(doc) end)
    assert.equal("x one, y six", texts(doc))
  end)
end)

-- Rule files as an editor writes and shows them: terms and pins from a selection, what is wrong.

local Buffer = require "postil.editor.buffer"
local diagnostics = require "postil.editor.diagnostics"
local folder = require "folder"
local notes = require "postil.editor.notes"
local owned = require "postil.editor.own"
local postil = require "postil"

local NONE = { rules = {} } -- nothing is loaded before

describe("the rule file beside a text", function()
  local trust = postil.trust
  after_each(function() postil.trust = trust end)

  it("gets a term at its end", function()
    local source, statement, line = notes.with_term("-- mine\ntag.ship \"Zork\"", "person",
      "her\n  brother", NONE)
    assert.equal('tag.person { terms = { "her brother" } }', statement)
    assert.equal('-- mine\ntag.ship "Zork"\n' .. statement .. "\n", source)
    assert.equal(3, line)
    local doc = postil.load(source):tag "Her brother left."
    assert.equal("Her brother", doc:tags("person")[1].text)
  end)

  it("is made with a head where there is none", function()
    for _, before in ipairs { "", false } do
      local source, statement, line = notes.with_term(before or nil, "ship", "Zork")
      assert.matches("^%-%- [^\n]*\n\n", source)
      assert.equal(3, line)
      assert.equal(statement .. "\n", source:match "\n\n(.*)")
    end
  end)

  it("takes words as they are", function()
    for _, words in ipairs { [[the "Zork"]], [[a\b]], "Lind [sic]", "“Zork”", "O'Brien & Sons",
      "50% of <x>" } do
      local source = assert(notes.with_term("", "x", words, NONE))
      local set = assert(postil.load(source))
      assert.equal(words, (set:tag("Now " .. words .. " then."):tags "x"[1] or { text = source }).text)
      set:close()
    end
  end)

  it("is not made where it would not load, or says so already", function()
    assert.same({ nil, "'Ship' is no label: small letters, digits and _ make one" },
      { notes.with_term("", "Ship", "Zork") })
    assert.same({ nil, "there are no words to tag" }, { notes.with_term("", "ship", " \n") })
    local source, words = notes.with_term("tag.x {", "ship", "Zork", NONE)
    assert.is_nil(source)
    assert.matches("^notes:", words)
    source = notes.with_term("", "ship", "Zork", NONE)
    assert.same({ nil, "this stands there already, in line 3" },
      { notes.with_term(source, "ship", "Zork", NONE) })
  end)

  it("is checked together with the rules that it stands behind", function()
    local own = 'amend.ship { "the [<ship>]", set = { x = 1 } }\n'
    assert.is_nil((notes.with_term(own, "person", "Zork", NONE)))
    assert.is_truthy(notes.with_term(own, "person", "Zork", { rules = { 'tag.ship "Larkin"' } }))
  end)

  it("may use what lies beside it, if that is trusted", function()
    local path = folder(finally, { ["pack/part.lua"] = 'tag.ship "Larkin"', ["t.tsv"] = "term\nOslo\n" })
    local trusted = false
    postil.trust = function()
      return { refusal = function() return not trusted and "not trusted: ask" or nil end }
    end
    local options = { rules = {}, path = path .. "/t.txt.postil.lua" }
    assert.is_truthy(notes.with_term('tag.city { file = "t" }\n', "person", "Zork", options))
    local source, words = notes.with_term('use "pack/part"\n', "person", "Zork", options)
    assert.is_nil(source)
    assert.matches("part%.lua: not trusted: ask", words)
    trusted = true
    assert.is_truthy(notes.with_term('use "pack/part"\n', "person", "Zork", options))
  end)

  it("is read if it may run", function()
    local path = folder(finally, { ["t.txt.postil.lua"] = 'tag.ship "Larkin"' })
    assert.equal(path .. "/t.txt.postil.lua", notes.path(path .. "/t.txt"))
    local own, refusal = notes.path(path .. "/t.txt"), "not trusted: ask"
    postil.trust = function() return { refusal = function() return refusal end } end
    assert.equal("", notes.read(path .. "/none.postil.lua"))
    assert.same({ nil, own .. ": not trusted: ask" }, { notes.read(own) })
    assert.same({ nil, path .. "/pack: is a directory" }, { notes.read(path .. "/pack") })
    refusal = nil
    assert.equal('tag.ship "Larkin"', notes.read(own))
  end)

  describe("pins", function()
    local TEXT = "Rocha met Lind.\nLater Rocha\nleft, and Rocha wept.\n\n Then  Rocha: “No.”\n"

    -- The pin of the n-th Rocha.
    local function pin(n)
      local first = 0
      for _ = 1, n do first = TEXT:find("Rocha", first + 1, true) end
      local source, statement = notes.with_pin("", TEXT, first, first + 4, "person", NONE)
      return source, statement, first
    end

    it("what stands there only once by its words", function()
      assert.equal('pin.person { terms = { "Lind" } }',
        (select(2, notes.with_pin("", TEXT, 11, 14, "person", NONE))))
      -- Blanks around the words do not count, a line's end within them is a blank.
      assert.equal('pin.person { terms = { "Rocha left" } }',
        (select(2, notes.with_pin("", TEXT, 22, 32, "person", NONE))))
    end)

    it("what stands elsewhere, too, by the words around it", function()
      local seen = {}
      for n = 1, 4 do
        local source, statement, first = pin(n)
        assert.is_truthy(source, n)
        assert.is_nil(seen[statement])
        seen[statement] = true
        local tags = postil.load(source):tag(TEXT):tags()
        assert.equal(1, #tags)
        assert.equal(first, tags[1].first)
      end
    end)

    it("nothing that it could not tell from other places, and no part of a word", function()
      assert.same({ nil, "the words around do not tell this place from others: Zork" },
        { notes.with_pin("", "Zork\n\nZork\n", 1, 4, "ship", NONE) })
      assert.same({ nil, "a pin tags whole words of one paragraph: Zor" },
        { notes.with_pin("", "Zork\n\nLarkin\n", 1, 3, "ship", NONE) })
      assert.same({ nil, "a pin tags whole words of one paragraph: Zork Larkin" },
        { notes.with_pin("", "Zork\n\nLarkin\n", 1, 12, "ship", NONE) })
      assert.same({ nil, "there are no words to tag" },
        { notes.with_pin("", "Zork  Larkin", 5, 6, "ship", NONE) })
      local _, words = notes.with_pin("", "a\27b a", 1, 3, "ship", NONE)
      assert.not_matches("\27", words)
    end)
  end)
end)

-- Trust that is kept here only: what is trusted, by path.
local function own_trust(trusted)
  return function()
    return {
      state = function(_, path, source)
        return trusted[path] == source and "trusted" or trusted[path] and "changed" or "unknown"
      end,
      refusal = function(_, path, source)
        return trusted[path] ~= source and "not trusted" or nil
      end,
      add = function(_, path, source)
        trusted[path] = source
        return path
      end,
    }
  end
end

local function slurp(path) return (postil.core.files.read(path)) end

describe("a rule file that is saved", function()
  local trust = postil.trust
  after_each(function() postil.trust = trust end)

  local function save(path, write, name, source)
    owned.writing(path .. "/" .. name)
    write(name, source)
    assert.is_true(owned.written(path .. "/" .. name))
  end

  it("stays trusted if it was, and is if it is new and beside a text", function()
    local path, write = folder(finally, { ["old.lua"] = "-- 1", ["other.lua"] = "-- 1" })
    local trusted = { [path .. "/old.lua"] = "-- 1", [path .. "/changed.lua"] = "-- 0" }
    postil.trust = own_trust(trusted)
    write("changed.lua", "-- 1")
    for _, name in ipairs { "old.lua", "other.lua", "changed.lua", "a.txt.postil.lua", "new.lua",
      "a.txt" } do save(path, write, name, "-- 2") end
    assert.same({ [path .. "/old.lua"] = "-- 2", [path .. "/changed.lua"] = "-- 0",
      [path .. "/a.txt.postil.lua"] = "-- 2" }, trusted)
    assert.is_true(owned.written(path .. "/other.lua"))
    assert.is_nil(trusted[path .. "/other.lua"])
  end)

  it("says where it cannot be trusted", function()
    local path, write = folder(finally, {})
    postil.trust = function() return { add = function() return nil, "no room" end } end
    owned.writing(path .. "/a.postil.lua")
    write("a.postil.lua", "-- 1")
    assert.same({ nil, "no room" }, { owned.written(path .. "/a.postil.lua") })
  end)
end)

describe("a statement that is added", function()
  local trust = postil.trust
  after_each(function() postil.trust = trust end)

  local function buffer_of(options)
    options.text = "The Zork left.\n"
    return assert(Buffer.open(options))
  end
  local function term(source, options)
    return notes.with_term(source, "ship", "Zork", options)
  end

  it("is written and trusted, and the file keeps its permissions and its links", function()
    local path, write = folder(finally, { ["real.lua"] = "-- mine\n" })
    local trusted = {}
    postil.trust = own_trust(trusted)
    assert(os.execute(("cd '%s' && chmod 600 real.lua && ln -s real.lua t.postil.lua"):format(path)))
    local own_path = path .. "/t.postil.lua"
    trusted[own_path] = "-- mine\n"
    local buffer = buffer_of { path = path .. "/t" }
    local place, statement, line = notes.add(buffer, term)
    assert.same({ own_path, 'tag.ship { terms = { "Zork" } }', 2 }, { place, statement, line })
    assert.equal("-- mine\n" .. statement .. "\n", slurp(path .. "/real.lua"))
    assert.equal(slurp(own_path), trusted[own_path])
    local pipe = assert(io.popen(("cd '%s' && ls -l real.lua t.postil.lua"):format(path)))
    local modes = pipe:read "*a"
    pipe:close()
    assert.matches("^%-rw%-%-%-%-%-%-%-", modes)
    assert.matches("\nl", modes)
    buffer:close()
    write("t.postil.lua", nil)
  end)

  it("is not where there is no place for it, or it may not be", function()
    local path = folder(finally, { ["t.postil.lua"] = "-- theirs\n" })
    postil.trust = own_trust {}
    local function refused(options)
      local buffer = buffer_of(options)
      local place, words = notes.add(buffer, term)
      buffer:close()
      assert.is_nil(place)
      return words
    end
    assert.equal("this text has no file beside which rules could be", refused {})
    assert.matches("rules that were named", refused { path = path .. "/t", rules = "news" })
    assert.matches("not trusted$", refused { path = path .. "/t" })
    assert.equal("-- theirs\n", slurp(path .. "/t.postil.lua"))
    assert.matches("No such file", refused { path = path .. "/no/such/t" })
  end)
end)

describe("diagnostics of a rule file", function()
  it("are the errors of its lines", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.ship { "HMS é [a-z]",\n  befor = "x" }\ntag.x "<zork>"\n',
      ["b.lua"] = "tag.x {" })
    local _, _, errors = postil.load { path .. "/a.lua", path .. "/b.lua" }
    local rows = diagnostics.rows(errors, path .. "/./a.lua")
    assert.equal(3, #rows)
    for _, row in ipairs(rows) do
      assert.equal("error", row.severity)
      assert.not_matches("\n", row.message)
    end
    assert.same({ 1, 20, 1 }, { rows[1].line, rows[1].column, rows[1].width })
    assert.same({ 2, 3, 5 }, { rows[2].line, rows[2].column, rows[2].width })
    assert.same({ 3, 9, 4 }, { rows[3].line, rows[3].column, rows[3].width })
    assert.equal(1, #diagnostics.rows(errors, path .. "/b.lua"))
    assert.equal(4, #diagnostics.rows(errors))
    assert.same({}, diagnostics.rows(errors, path .. "/none.lua"))
    write("a.lua", 'tag.x { "éé", bfore = "é" }')
    _, _, errors = postil.load(path .. "/a.lua")
    assert.equal("bfore", ('tag.x { "éé", bfore = "é" }'):sub(diagnostics.rows(errors)[1].column):sub(1,
      diagnostics.rows(errors)[1].width))
  end)

  it("are its failing tests, and what is odd", function()
    local path = folder(finally, { ["a.lua"] = 'tag.x { "one",\n  yes = "[two]" }\ntag.x { "one" }\n' })
    local set = assert(postil.load(path .. "/a.lua"))
    local rows = diagnostics.rows(set:test(), path .. "/a.lua")
    assert.same({ 2, "warning" }, { rows[1].line, rows[1].severity })
    rows = diagnostics.rows(set:lint(), path .. "/a.lua")
    assert.is_true(#rows >= 1)
    for _, row in ipairs(rows) do assert.equal("hint", row.severity) end
  end)
end)

-- A text that an editor shows: edits, steps, what is told to have changed, previews.  STORIES in
-- the environment: how many texts are edited at random.

local Buffer = require "postil.editor.buffer"
local edits = require "edits"
local postil = require "postil"

local STORIES = tonumber(os.getenv "STORIES") or 4
local RULES = [[tag.word { "here" }]]

-- Spans as words, with the labels that they have.
local function words(buffer, spans)
  local list = {}
  for i = 1, #spans, 3 do
    list[#list + 1] = ("%d-%d %s"):format(spans[i], spans[i + 1], buffer:label(spans[i + 2]))
  end
  return list
end

local function listing(buffer, first, last, label)
  return words(buffer, buffer:spans(first, last, label))
end

-- A text of many paragraphs, and the place of the n-th.
local function long_text(n)
  local list = {}
  for i = 1, n do list[i] = ("Paragraph %06d: it is here.\n\n"):format(i) end
  return table.concat(list), #list[1]
end

-- Steps until something is told, or all is done: done, changes.
local function told(buffer)
  local done, changes
  repeat done, changes = buffer:step(4096) until done ~= false or changes[1]
  return done, changes
end

describe("a buffer", function()
  local open = {}

  local function buffer_of(text, rules)
    local buffer = assert(Buffer.open { text = text, rules = rules or RULES })
    open[#open + 1] = buffer
    return buffer
  end

  after_each(function()
    for _, buffer in ipairs(open) do buffer:close() end
    open = {}
  end)

  it("is tagged in steps", function()
    local buffer = buffer_of "It is here.\n\nAnd here.\n"
    assert.is_false(buffer.done)
    assert.same({}, listing(buffer))
    assert.is_false(buffer:step(1))
    local done, changes
    repeat done, changes = buffer:step(1) until done ~= false
    assert.is_true(buffer.done)
    assert.same({ { first = 1, last = 23 } }, changes)
    assert.same({ "7-10 word", "18-21 word" }, listing(buffer))
    assert.same({ "18-21 word" }, listing(buffer, 19, 19))
    assert.same({}, listing(buffer, 11, 17))
    assert.same({ true, {} }, { buffer:step(1) })
  end)

  it("follows edits and says what they changed", function()
    local buffer = buffer_of "It is here.\n\nAnd xhere.\n"
    buffer:finish()
    assert.is_true(buffer:edit(18, 18, ""))
    assert.is_false(buffer.done)
    assert.equal(23, buffer:text_size())
    local done, changes = buffer:step()
    assert.is_true(done)
    assert.equal(1, #changes)
    assert.is_true(changes[1].first > 11 and changes[1].last <= 23)
    assert.same({ "7-10 word", "18-21 word" }, listing(buffer))
    assert.equal("here", buffer:text(18, 21))
  end)

  it("refuses what is no place of its text", function()
    local buffer = buffer_of "It is here."
    assert.has_error(function() buffer:edit(13, 12, "x") end)
    assert.equal(11, buffer:text_size())
    assert.equal("It is here.", buffer:text())
  end)

  it("takes another text", function()
    local text = ("It was there.\n\n"):rep(20)
    local buffer = buffer_of("It is here.\n\n" .. text)
    buffer:finish()
    -- Nearly the same: an edit, so that the rest stays tagged.
    assert.is_true(buffer:reset("Is it here?\n\n" .. text))
    assert.equal("Is it here?\n\n" .. text, buffer:text())
    local _, changes = buffer:finish()
    assert.is_true(changes[#changes].last < 20)
    assert.same({ "7-10 word" }, listing(buffer))
    -- Another one altogether.
    assert.is_true(buffer:reset "Nothing but here")
    assert.same({}, listing(buffer))
    assert.same({ true, { { first = 1, last = 16 } } }, { buffer:finish() })
    assert.same({ "13-16 word" }, listing(buffer))
    assert.is_true(buffer:reset "")
    buffer:finish()
    assert.equal(0, buffer:text_size())
    assert.same({}, listing(buffer))
  end)

  it("keeps its text when another one is refused", function()
    local buffer = buffer_of "It is here."
    local ok, message = buffer:reset "\255\254I\0t\0 \0i\0s\0"
    assert.is_nil(ok)
    assert.matches("UTF%-16", message)
    buffer:finish()
    assert.same({ "7-10 word" }, listing(buffer))
  end)

  it("has copies of tags that stay good", function()
    local buffer = buffer_of("It is here, he said.", [[tag.word { "it is [here]", set = { n = 1 } }]])
    buffer:finish()
    local tag = buffer:tags()[1]
    buffer:edit(1, 0, "  ")
    buffer:finish()
    assert.same({ first = 7, last = 10, label = "word", text = "here", name = "here", depth = 0,
      rule = "rules:1", parts = {}, attributes = { { name = "n", value = 1 } } }, tag)
    assert.equal(1, #buffer:tags(9, 9))
    assert.equal(0, #buffer:tags(1, 8))
  end)

  it("opens with rules that load only", function()
    local buffer, message, errors = Buffer.open { text = "", rules = "tag.x { 1 }" }
    assert.is_nil(buffer)
    assert.equal(errors[1].text, message:match "^[^\n]+")
    assert.is_nil((Buffer.open { text = "\255\254I\0t\0 \0i\0s\0", rules = RULES }))
  end)

  it("tells of a function that fails, until the text is another", function()
    local buffer = buffer_of("Now here.\n", [[tag.word { "here",
      keep = function(m) return m.nothing.x end }]])
    local done, message = buffer:step()
    assert.is_nil(done)
    assert.matches("^rules:2: ", message)
    assert.same({ nil, message }, { buffer:step(10) })
    buffer:edit(5, 8, "not")
    assert.is_true(buffer:step())
  end)

  it("is of no use when it is closed, which may be done twice", function()
    local buffer = buffer_of "It is here."
    buffer:close()
    buffer:close()
    assert.has_error(function() buffer:spans() end)
  end)

  describe("with a long text", function()
    it("tags what is looked at first, and then all", function()
      local text, size = long_text(5000)
      local buffer = buffer_of(text)
      local first = 4000 * size + 1
      assert.same({}, listing(buffer, first, first + size - 1))
      local done, changes = told(buffer)
      assert.is_false(done)
      assert.equal(1, #changes)
      local seen = changes[1]
      assert.is_true(seen.first <= first and seen.last >= first + size - 1)
      assert.is_true(seen.last - seen.first < 65536)
      local want = { ("%d-%d word"):format(first + size - 7, first + size - 4) }
      assert.same(want, listing(buffer, first, first + size - 1))
      -- Nothing of it is told outside of its stretch.
      for _, place in ipairs { { 1, seen.first - 1 }, { seen.last + 1, #text } } do
        assert.same(buffer.doc:spans(nil, place[1], place[2]), buffer:spans(place[1], place[2]))
      end
      -- Once all is done it is told that what was seen may be otherwise.
      repeat done, changes = buffer:step(65536) until done ~= false
      assert.same({ { first = 1, last = #text } }, changes)
      assert.same(want, listing(buffer, first, first + size - 1))
      assert.equal(5000 * 3, #buffer:spans())
    end)

    it("has previews for several windows, which follow edits", function()
      local text, size = long_text(5000)
      local buffer = buffer_of(text)
      local one, two = 1000 * size + 1, 3000 * size + 1
      buffer:spans(one, one + 99)
      buffer:spans(two, two + 99)
      for _ = 1, 2 do
        local done, changes = told(buffer)
        assert.is_false(done)
        assert.equal(1, #changes)
      end
      assert.equal(1, #listing(buffer, one, one + size - 1))
      assert.equal(1, #listing(buffer, two, two + size - 1))
      -- In front of the second, in the first.
      buffer:edit(one, one - 1, "And here: ")
      assert.is_false((told(buffer)))
      assert.same({ ("%d-%d word"):format(one + 4, one + 7),
        ("%d-%d word"):format(one + size + 3, one + size + 6) },
        listing(buffer, one, one + size + 9))
      two = two + 10
      assert.same({ ("%d-%d word"):format(two + size - 7, two + size - 4) },
        listing(buffer, two, two + size - 1))
      -- Over its edge: it is dropped, and another comes.
      buffer:edit(one, buffer:text_size(), "")
      buffer:finish()
      assert.equal(1000 * 3, #buffer:spans())
    end)

    it("has spans in order where previews begin and end", function()
      local story = edits.new(77)
      local list = {}
      for i = 1, 60 do list[i] = story:text(40) end
      local buffer = buffer_of(table.concat(list), "news")
      local place = math.floor(buffer:text_size() / 2)
      buffer:spans(place, place + 500)
      assert.is_false((told(buffer)))
      buffer:step(300000) -- the rest is known in part
      local spans = buffer:spans()
      for i = 4, #spans, 3 do
        assert.is_true(spans[i] > spans[i - 3]
          or spans[i] == spans[i - 3] and spans[i + 1] <= spans[i - 2])
      end
    end)
  end)

  -- Whatever is edited and however the work is cut, all is as in a new buffer at last, and what an
  -- editor has painted is what spans tell, if it paints again what it is told of.
  it("is what a new one of its text is", function()
    local news = assert(postil.load "news")
    for seed = 1, STORIES do
      local story = edits.new(seed)
      local text = story:text(12)
      local buffer = buffer_of(text, "news")
      for step = 1, 25 do
        if story:chance(4) then
          text = story:text(12)
          assert(buffer:reset(text))
        else
          local first, last, new = story:next(text)
          text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
          assert(buffer:edit(first, last, new))
        end
        assert.equal(#text, buffer:text_size())
        buffer:spans(story:number(#text + 1), story:number(#text + 1))
        if story:chance(70) then
          local bytes = story:one { 1, 50, 1000, 100000 }
          while buffer:step(bytes) == false do end
          assert.is_true(buffer.done)
          assert.equal(text, buffer:text())
          local fresh = assert(news:tag(text))
          assert.same(fresh:spans(), buffer:spans(), seed .. ":" .. step)
          assert.equal(fresh:json(), buffer.doc:json(), seed .. ":" .. step)
          fresh:close()
        else
          buffer:step(story:number(500))
        end
      end
    end
    news:close()
  end)

  -- An editor that paints two windows and paints again what it is told of, while a long text is
  -- tagged and edited, shows nothing else than one that paints all the time.
  it("tells of all that is painted otherwise", function()
    local news = assert(postil.load "news")
    for seed = 1, STORIES do
      local story = edits.new(seed + 500)
      local text = ""
      while #text < 80000 do text = text .. story:text(40) end
      local buffer = buffer_of(text, "news")
      local windows = { { first = 1, last = 600 }, { first = 50000, last = 52000 } }
      local previews = 0
      local function paint()
        for _, window in ipairs(windows) do
          window.spans = words(buffer, buffer:spans(window.first, window.last))
        end
      end
      -- What is shown in a window, without what overlaps one of the stretches.
      local function outside(shown, changes)
        local left = {}
        for _, span in ipairs(shown) do
          local first, last = span:match "(%d+)%-(%d+)"
          local touched = false
          for _, one in ipairs(changes) do
            touched = touched or tonumber(first) <= one.last and tonumber(last) >= one.first
          end
          if not touched then left[#left + 1] = span end
        end
        return left
      end
      for _ = 1, 8 do
        local done
        repeat
          paint()
          local changes
          done, changes = buffer:step(story:one { 3000, 20000 })
          previews = previews + #buffer.previews
          for _, window in ipairs(windows) do
            local now = words(buffer, buffer:spans(window.first, window.last))
            assert.same(outside(window.spans, changes), outside(now, changes))
          end
        until done ~= false or story:chance(5)
        local first, last, new = story:next(text)
        if story:chance(50) then -- in a window
          first = math.min(#text + 1, windows[story:number(2)].first + story:number(500))
          last = math.min(#text, first + story:number(30) - 2)
        end
        text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
        assert(buffer:edit(first, last, new))
        if story:chance(30) then windows[2].first = story:number(#text + 1) end
        windows[2].last = math.min(#text, windows[2].first + 2000)
      end
      assert.is_true(previews > 0)
      buffer:finish()
      local fresh = assert(news:tag(text))
      assert.same(fresh:spans(), buffer:spans())
      fresh:close()
      buffer:close()
    end
    news:close()
  end)
end)

-- How a text of vis, which tells of no change, is followed: what is typed where the window is costs
-- little and is seen at once, what changes elsewhere is seen, too.

local Buffer = require "postil.editor.buffer"
local compare = require "postil.vis.compare"
local edits = require "edits"

local NEXT = 16384 -- bytes that are compared beside a window

-- A file as vis has it; read: bytes that were asked for.
local function new_file(text)
  local file = { size = #text, text = text, read = 0 }
  function file:content(from, size)
    self.read = self.read + size
    return self.text:sub(from + 1, from + size)
  end
  function file:change(first, last, content)
    self.text = self.text:sub(1, first - 1) .. content .. self.text:sub(last + 1)
    self.size = #self.text
  end
  return file
end

local function opened(story, size)
  local list, n = {}, 0
  while n < size do
    list[#list + 1] = story:text(30)
    n = n + #list[#list]
  end
  local file = new_file(table.concat(list))
  return { file = file, text = assert(Buffer.open { text = file.text, rules = 'tag.x "Berg"' }) }
end

local function is_right(state) return state.text:text(1, state.text:text_size()) == state.file.text end

local function whole(state)
  return select(2, assert(compare.all(state)))
end

describe("a text of vis", function()
  local story, state, first
  before_each(function()
    story = edits.new(5)
    state = opened(story, 20 * NEXT)
    first = math.floor(state.file.size / 2)
    state.file.read = 0
  end)

  local function around() return select(2, assert(compare.around(state, first, first + 2000))) end

  it("that is as it was", function()
    assert.is_false(around())
    assert.is_false(whole(state))
  end)
  for name, change in pairs {
    ["typed into"] = { 500, 499, "x" }, ["deleted in"] = { 500, 520, "" },
    ["replaced"] = { 500, 502, "xyz" }, ["at the window's first byte"] = { 0, 0, "§§" },
    ["at its last"] = { 2000, 2000, "" }, ["some lines above"] = { -5000, -4990, "Berg" },
    ["a paste"] = { 500, 499, ("Anna Berg left. "):rep(400) },
  } do
    it(name .. ": seen at once, without all of it", function()
      state.file:change(first + change[1], first + change[2], change[3])
      assert.is_true(around())
      assert.is_true(is_right(state))
      assert.is_true(state.file.read < 4 * NEXT)
    end)
  end
  it("that has become longer elsewhere: seen at once", function()
    state.file:change(1, 0, "Anna Berg left. ")
    assert.is_true(around())
    assert.is_true(is_right(state))
  end)
  it("that has become much shorter: seen at once", function()
    state.file:change(first + 10, first + 200000, "")
    assert.is_true(around())
    assert.is_true(is_right(state))
  end)
  it("whose size elsewhere is as it was: seen when the piece comes by", function()
    state.file:change(100, 103, "Berg")
    state.looked = NEXT
    assert.is_false(around())
    local turns = 0
    repeat turns = turns + 1 until around()
    assert.is_true(turns <= state.file.size / NEXT + 1)
    assert.is_true(is_right(state))
  end)
  it("whose size elsewhere is as it was: seen by a command", function()
    state.file:change(100, 103, "Berg")
    assert.is_true(whole(state))
    assert.is_true(is_right(state))
  end)
end)

describe("random changes", function()
  it("are all seen in the end, where the window is at once", function()
    for seed = 1, 6 do
      local story = edits.new(seed)
      local state = opened(story, 12 * NEXT)
      local file = state.file
      for _ = 1, 60 do
        local first = story:number(file.size)
        local last = math.min(file.size, first + 3000)
        for _ = 1, story:number(3) do
          local at = story:number(4) == 1 and story:number(file.size)
            or first + story:number(last - first + 1) - 1
          local size = story:number(40) - 1
          local is_other = story:number(2) == 1
          file:change(at, at + size - 1, ("y"):rep(is_other and story:number(60) - 1 or size))
        end
        first, last = math.min(first, file.size), math.min(last, file.size)
        assert(compare.around(state, first, last))
        assert.equal(file.size, state.text:text_size())
        assert.equal(file.text:sub(first, last), state.text:text(first, last))
        local turns = 0
        while not is_right(state) do
          turns = turns + 1
          assert.is_true(turns <= file.size / NEXT + 2)
          assert(compare.around(state, first, last))
        end
      end
      state.text:close()
    end
  end)
end)

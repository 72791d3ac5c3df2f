-- What an edit of a text does to its tags, on every Lua.

local postil = require "postil"
local difference = require "postil.difference"
local edited = require "postil.edited"

local set
setup(function()
  set = assert(postil.load [[
tag.x { terms = { "one", "two", "six", { "uno", is = "one" } } }
tag.p { terms = { "Bo", "Al" } }
quotes {}
amend.quote "speaker:<p> said : [<quote>]"]])
end)

local function lines(found)
  local out = {}
  for _, sign in ipairs { { "-", found.gone }, { "~", found.changed }, { "+", found.new } } do
    for _, tag in ipairs(sign[2]) do
      local line = { sign[1], tag.first .. "-" .. tag.last, tag.text }
      if tag.was then line[#line + 1] = "was " .. tag.was.text end
      for _, change in ipairs(tag.changes or {}) do
        line[#line + 1] = change.attribute .. ":" .. tostring(change.from) .. ">" .. tostring(change.to)
      end
      out[#out + 1] = table.concat(line, " ")
    end
  end
  return out
end

local function edit(old, new)
  local one, two = set:tag(old), set:tag(new)
  return lines(edited.between(difference.tags(one), old, difference.tags(two), new))
end

describe("an edit", function()
  it("leaves tags in front of it and moves those behind it", function()
    assert.same({}, edit("one, two, six", "one, two, six"))
    assert.same({}, edit("one, two, six", "one, well, two, six"))
    assert.same({}, edit("one, well, two, six", "one, two, six"))
    assert.same({}, edit("one two", "the one two\n"))
    assert.same({ "+ 6-8 two" }, edit("one, six, six", "one, two, six, six"))
    assert.same({ "- 6-5 two" }, edit("one, two, six, six", "one, six, six"))
    assert.same({ "+ 1-3 one" }, edit("", "one"))
    assert.same({ "- 1-0 one" }, edit("one", ""))
    assert.same({ "- 5-4 two" }, edit("one two six", "one six"))
    assert.same({ "- 5-4 two", "- 5-4 six" }, edit("one two, six and", "one and"))
  end)

  it("knows tags between two places that were edited by their words", function()
    assert.same({}, edit("a one b two c", "aa one b two cc"))
    assert.same({ "+ 9-11 six" }, edit("a one b two c", "aa one, six, b two cc"))
    assert.same({ "- 9-10 two" }, edit("a one b two c", "aa one b cc"))
    assert.same({ "- 5-7 two" }, edit("one two six", "six, one"))
  end)

  it("shows another name at a place as one that changed", function()
    assert.same({ "~ 3-5 six was two" }, edit("a two b", "a six b"))
    assert.same({ "~ 3-5 uno was one name:nil>one" }, edit("a one b", "a uno b"))
  end)

  it("compares links by what they name, wherever that went", function()
    assert.same({}, edit("Bo said: “a” b", "Well, Bo said: “a” b"))
    assert.same({}, edit("Bo said: “a” b", "Bo said: “a” bb"))
    assert.same({ "~ 1-2 Al was Bo", "~ 10-16 “a” speaker:Bo>Al" },
      edit("Bo said: “a” b", "Al said: “a” b"))
  end)

  it("holds at every byte of an edit", function()
    local text = "one two Bo said: “six” uno Al one"
    for first = 1, #text do
      for _, put in ipairs { "", "two ", "é" } do
        for _, size in ipairs { 0, 1, 4, 11 } do
          local new = text:sub(1, first - 1) .. put .. text:sub(first + size)
          for _, line in ipairs(edit(text, new)) do
            local from, to = line:match "(%d+)%-(%d+)"
            assert.is_true(tonumber(from) >= 1 and tonumber(from) <= math.max(#new, 1), line)
            assert.is_true(tonumber(to) >= tonumber(from) - 1, line)
          end
          assert.same({}, edit(new, new))
        end
      end
    end
  end)
end)

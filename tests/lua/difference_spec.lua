-- How the tags of one text differ, on every Lua.

local postil = require "postil"
local difference = require "postil.difference"

local function tags(rules, text)
  local doc = assert(assert(postil.load(rules)):tag(text))
  local list = difference.tags(doc)
  doc:close()
  return list
end

local function shown(value)
  if type(value) ~= "table" then return tostring(value) end
  return value.first .. "-" .. value.last .. ":" .. tostring(value.name)
end

-- The three lists as lines.
local function lines(found)
  local out = {}
  for _, sign in ipairs { { "-", found.gone }, { "~", found.changed }, { "+", found.new } } do
    for _, tag in ipairs(sign[2]) do
      local line = { sign[1], tag.first .. "-" .. tag.last, tag.label, tag.text }
      if tag.was then line[#line + 1] = "was " .. tag.was.first .. "-" .. tag.was.last end
      for _, change in ipairs(tag.changes or {}) do
        line[#line + 1] = change.attribute .. ":" .. shown(change.from) .. ">" .. shown(change.to)
      end
      out[#out + 1] = table.concat(line, " ")
    end
  end
  return out
end

local function compare(one, two, text)
  return lines(difference.between(tags(one, text), tags(two, text)))
end

describe("a difference", function()
  it("is empty between equal tags, whichever rules made them", function()
    assert.same({}, compare('tag.x "one"', '\n\ntag.x { id = "named", "one|two" }', "one"))
    assert.same({}, compare('tag.x "one"', 'tag.y "one"', "none here"))
  end)

  it("has what is new and gone, by place", function()
    assert.same({ "- 1-3 x one", "- 9-11 x one", "+ 5-7 y two" },
      compare('tag.x "one"', 'tag.y "two"', "one two one"))
    assert.same({ "- 1-3 x one", "+ 1-3 y one" }, compare('tag.x "one"', 'tag.y "one"', "one"))
  end)

  it("has attributes that changed, came and went", function()
    assert.same({ "~ 1-3 x one a:1>2 b:true>nil c:nil>new" },
      compare('tag.x { "one", set = { a = 1, b = true, same = "so" } }',
        'tag.x { "one", set = { a = 2, c = "new", same = "so" } }', "one"))
  end)

  it("has the canonical name, and not what it comes from", function()
    assert.same({ "~ 1-3 x one name:nil>Uno" },
      compare('tag.x "one"', 'tag.x { "one", is = "Uno" }', "one"))
    assert.same({ "~ 1-3 x one name:Eins>Uno" }, compare('tag.x { "n:one", is = "Eins" }',
      'tag.x { "n:one", is = "Uno" }', "one"))
    assert.same({ "~ 1-3 x one name:Eins>nil" },
      compare('tag.x { "one", is = "Eins" }', 'tag.x { "one", is = "one" }', "one"))
  end)

  it("takes tags of one label that overlap for one whose span changed", function()
    assert.same({ "~ 1-7 x one two was 1-3" }, compare('tag.x "one"', 'tag.x "one two"', "one two"))
    assert.same({ "~ 5-11 x two six was 1-7 a:1>nil" },
      compare('tag.x { "one two", set = { a = 1 } }', 'tag.x "two six"', "one two six"))
    assert.same({ "- 1-3 x one", "+ 1-7 y one two" },
      compare('tag.x "one"', 'tag.y "one two"', "one two"))
    assert.same({ "- 1-3 x one", "+ 5-7 x two" },
      compare('tag.x "one"', 'tag.x "two"', "one two"))
  end)

  it("takes each tag once", function()
    assert.same({ "~ 1-3 x one was 1-11", "+ 5-7 x two", "+ 9-11 x six" },
      compare('tag.x "one two six"', 'tag.x "one|two|six"', "one two six"))
    assert.same({ "- 5-7 x two", "- 9-11 x six", "~ 1-11 x one two six was 1-3" },
      compare('tag.x "one|two|six"', 'tag.x "one two six"', "one two six"))
  end)

  it("keeps a tag with a twin from being taken for a moved one", function()
    assert.same({ "+ 1-7 x one two" },
      compare('tag.x { "one", nest = true }', 'tag.x { "one", nest = true } tag.x "one two"',
        "one two"))
  end)

  it("compares links by what they name and where", function()
    local near = 'tag.p { terms = { "Bo", "Al" } } quotes {} amend.quote "speaker:<p> said : [<quote>]"'
    local far = near .. '\namend.quote { "speaker:<p> and <p> ... : [<quote>]", overwrite = true }'
    assert.same({ "~ 17-23 quote “a” speaker:8-9:Bo>1-2:Bo" }, compare(near, far, "Bo and Bo said: “a”"))
    assert.same({ "~ 17-23 quote “a” speaker:8-9:Bo>1-2:Al" }, compare(near, far, "Al and Bo said: “a”"))
    local alf = far:gsub('"Al"', '{ "Al", is = "Alf" }')
    assert.same({ "~ 1-2 p Al name:nil>Alf", "~ 17-23 quote “a” speaker:1-2:Al>1-2:Alf" },
      compare(far, alf, "Al and Bo said: “a”"))
  end)

  it("sees the depth of quotations", function()
    local list = tags("quotes {}", "He: “one ‘two’ six”.")
    local depths = {}
    for _, tag in ipairs(list) do
      for _, pair in ipairs(tag.attributes) do
        if pair.name == "depth" then depths[#depths + 1] = tag.text .. pair.value end
      end
    end
    assert.same({ "‘two’1" }, depths)
  end)

  it("is the same from run to run", function()
    local text = ("one two six ten "):rep(200)
    local one, two = 'tag.x "one two|six" tag.y "ten"', 'tag.x "two six|one" tag.z "ten one"'
    assert.same(compare(one, two, text), compare(one, two, text))
    assert.equal(799, #compare(one, two, text))
  end)
end)

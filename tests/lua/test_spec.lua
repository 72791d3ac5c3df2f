-- test_spec.lua - tests in rule files: what they say of rules that are right, and of rules that are
-- not.

local postil = require "postil"
local test = require "postil.test"

local function load(source)
  return assert(postil.load { source = source, name = "rules" })
end

-- "LINE NAME: MESSAGE" of each failure, and how many tests there are.
local function failures(source)
  local list, count = load(source):test()
  local lines = {}
  for i, f in ipairs(list) do lines[i] = ("%d %s: %s"):format(f.line, f.name, f.message) end
  return lines, count
end

describe("yes and no", function()
  it("pass", function()
    assert.same({ {}, 5 }, { failures [==[
block.headline { at = "first line" }
tag.x { "one", is = "One", yes = { "[one] and [one]", [=[\[[one | is=One]\] ]=] }, no = "two" }
tag.y { "two", yes = "[two]" }
test "both" { text = "one, two", x = { { "one", is = "One" } }, y = "two" }]==] })
  end)

  it("fail with their line", function()
    assert.same({
      '2 tag.x yes 1: no x is "two"; "one" is x by rules:1',
      '3 tag.x no 1: "one" is x by rules:1',
      '4 tag.x yes 1: is of "one" is "one", not "Two"',
      "5 tag.x yes 1: a [ without its ]; write \\[ for a bracket of the text",
      '6 t: x 1 is "one", not "two"',
    }, (failures [=[
tag.x { "one",
  yes = { "one [two]" },
  no = "one" }
tag.x { "none", yes = "[one | is=Two]" }
tag.x { "none", yes = "[one" }
test "t" { text = "one", x = "two" }]=]))
  end)
end)

describe("rules without tests", function()
  it("are listed: no yes, or a veto without either", function()
    local set = load [[
tag.a { "one", yes = "[one]" }
tag.b { "two", no = "one" }
tag._c { id = "list", terms = { "three" } }
veto.a { "four", no = "four" }
veto.a { "five" }
tag.d { id = "off", "six" }
off "d/off"]]
    local names = {}
    for i, rule in ipairs(test.untested(set)) do names[i] = rule.name end
    assert.same({ "rules:2", "_c/list", "rules:5" }, names)
  end)
end)

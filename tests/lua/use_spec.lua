-- use and off of rule files, on every Lua.

local postil = require "postil"

local function folder(files)
  local path = os.tmpname()
  os.remove(path)
  assert(os.execute("mkdir -p " .. path .. "/pack"))
  finally(function() os.execute("rm -rf " .. path) end)
  for name, text in pairs(files) do
    local file = assert(io.open(path .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end
  return path
end

local function texts(set, text)
  local list = {}
  for tag in set:tag(text):each() do list[#list + 1] = tag.rule .. " " .. tag.text end
  return table.concat(list, ", ")
end

local function load(what)
  return assert(postil.load(what))
end

local BASE = [[
tag.x { id = "low", "one", yes = "[one]" }
tag.x { id = "high", "six", yes = "[six]" }
tag._h { id = "help", "ten" } tag.y { id = "by", "<_h>" }]]

describe("use", function()
  it("reads each file once, whatever the way round", function()
    local path = folder { ["a.lua"] = 'use "b" use "b" tag.a { id = "a", "one" }',
      ["b.lua"] = 'use "a" use "pack/part" tag.b { id = "b", "two" }',
      ["pack/part.lua"] = 'use "pack/other" tag.p { id = "p", "six" }',
      ["pack/other.lua"] = 'use "pack/part" tag.o { id = "o", "ten" }' }
    for _, what in ipairs { path .. "/a.lua", path .. "/b.lua",
      { path .. "/b.lua", path .. "/a.lua", path .. "/b.lua" } } do
      local set = load(what)
      assert.equal("a/a one, b/b two, p/p six, o/o ten", texts(set, "one two six ten"))
      assert.equal(4, #set.rules)
    end
  end)

  it("of a file's own name means the pack that it hides", function()
    local path = folder { ["news.lua"] = 'use "news" tag.mine { id = "m", "zzz" }' }
    local set = load(path .. "/news.lua")
    assert.equal("news", set.packs[1].name)
    assert.equal("mine/m zzz", texts(set, "zzz"))
  end)

  it("takes names only", function()
    for _, name in ipairs { "/etc/passwd", "../a", "a//b", "a/", "a.lua", "", "a b" } do
      assert.matches("^rules:1: use: '" .. name:gsub("%p", "%%%0") .. "' is no name of a pack",
        (select(2, postil.load('use "' .. name .. '" -- "'))))
    end
  end)
end)

describe("off", function()
  it("drops rules of a name stated before, and later by other files", function()
    local path = folder { ["base.lua"] = BASE }
    for _, mine in ipairs { 'use "base" off "x/low"', 'off "x/low" use "base"' } do
      local set = load { source = mine, name = "mine", path = path .. "/mine.lua" }
      assert.equal("x/high six", texts(set, "one six"))
      local off = {}
      for _, rule in ipairs(set.rules) do if rule.off then off[#off + 1] = rule.name end end
      assert.same({ "x/low" }, off)
      local failures, count = set:test()
      assert.same({ {}, 1 }, { failures, count })
    end
    assert.equal("x/high six", texts(load { { source = 'off "x/low"', name = "off" },
      path .. "/base.lua" }, "one six"))
    assert.equal("x/high six", texts(load { path .. "/base.lua",
      { source = 'off "x/low"', name = "off" } }, "one six"))
  end)

  it("leaves what the same file states later", function()
    local path = folder { ["base.lua"] = BASE }
    for _, mine in ipairs { 'use "base" off "x/low" tag.x { id = "low", "two" }',
      'off "x/low" tag.x { id = "low", "two" } use "base"' } do
      assert.equal("x/low two, x/high six", texts(load { source = mine, name = "mine",
        path = path .. "/mine.lua" }, "one two six"))
    end
  end)

  it("leaves the label known to rules that ask for it", function()
    assert.equal("x/high six", texts(load(BASE .. ' off "_h/help"'), "six ten"))
  end)

  it("says where a name is that no rule has, and which was meant", function()
    local set, message, errors = postil.load { name = "m.lua",
      source = BASE .. '\noff "x/hgih"\noff("what")' }
    assert.is_nil(set)
    assert.equal(2, #errors)
    assert.matches("^m%.lua:4: off: no rule is called 'x/hgih' %(did you mean 'x/high'%?%)\n", message)
    assert.equal(6, errors[1].column)
    assert.same({ 5, "off: no rule is called 'what'" }, { errors[2].line, errors[2].message })
    assert.matches("^rules:1: off: the name of a rule is wanted, not a number", (select(2, postil.load "off(7) -- ''")))
  end)

  it("may name rules of a block that tests leave out", function()
    local set = load [[block.head { id = "first", at = "first line" } off "head/first"
tag.x { "one", yes = "[one]" }]]
    assert.same({}, (set:test()))
    assert.equal("rules:2 one", texts(set, "one"))
  end)
end)

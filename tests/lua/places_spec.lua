-- What reads rule files to find a place reads anything: files cut short, changed, of other bytes; its
-- strings hold what Lua says they hold.

local excerpt = require "postil.excerpt"
local place = require "postil.place"
local source = require "postil.source"

local HERE = debug.getinfo(1, "S").source:match "^@(.*)lua/[^/]*$"

local compile = loadstring or load

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

local STATEMENTS = [==[
tag.x { "a\065\"b", 'it\'s', [[long]], [=[
longer ]] ]=], set = { k = { from = "k", map = { ["$"] = 1, } } }, -- a remark "here"
  keep = function(m) if m then return 1, 2 end end, ["after"] = "b" .. c .. "d", 1.5 --[[ "and" ]] }
quotes { locale = "en" } test "name" { text = "a", x = { "b", } } off("x/y") tag["y"] "z"
]==]

local PATHS = { { 1, 1 }, { 1, 4 }, { 1, "set", "k", "map", "$" }, { 1, "keep" }, { 1, "after" },
  { 2, "x", 1 }, { 3 }, { 1, "nothing", "at", "all" } }

describe("places", function()
  it("are sought in any bytes", function()
    local seed = 7
    local function random(n) -- the same in each Lua
      seed = (seed * 16807) % 2147483647
      return seed % n + 1
    end
    for _ = 1, 600 do
      local text = STATEMENTS:sub(1, random(#STATEMENTS))
      for _ = 1, random(4) do
        local at = random(#text)
        text = text:sub(1, at - 1) .. string.char(random(256) - 1) .. text:sub(at + random(3))
      end
      for _, call in ipairs { "tag.x", "quotes", "test" } do
        local e = { call = call, line = random(5), path = PATHS[random(#PATHS)], at = random(9),
          text = random(2) == 1 and "bcd" or nil, key = random(2) == 1 }
        local found = place.of(text, e)
        if found then
          assert.is_true(found.column <= #source.line(text, found.line) + 1)
          assert.is_string(excerpt.draw(text, found.line, found.column, found.width))
        end
      end
    end
  end)

  it("are not found where nothing is called", function()
    assert.is_nil(place.of("", { call = "tag.x", line = 1 }))
    assert.is_nil(place.of("-- tag.x 'one'", { call = "tag.x", line = 1 }))
    assert.is_nil(place.of("local s = [[tag.x 'one']]", { call = "tag.x", line = 1 }))
    assert.is_nil(place.of("tag.x 'one'", { call = "tag.x", line = 2 }))
  end)
end)

describe("strings", function()
  -- Every string of a source is what Lua makes of it.
  local function same_strings(text)
    local n = 0
    for _, token in ipairs(source.tokens(text)) do
      local run = token.kind == "string" and compile("return " .. token.text)
      if run then
        local value = source.value(text, token)
        assert.equal(run(), value)
        assert.equal(#value, #source.map(text, token))
        n = n + 1
      end
    end
    return n
  end

  it("hold what Lua says", function()
    assert.equal(8, same_strings [==[
      "a\n\t\\\"'" 'b\'"' "\65\066\2551" [[c]] [=[
d ]] e]=] "f\
g" "" '\226\128\156']==])
    assert.is_true(same_strings(STATEMENTS) > 10)
  end)

  it("of the shipped rules do, too", function()
    for _, name in ipairs { "news", "news/person", "news/time" } do
      local path = HERE .. "../lua/postil/rules/" .. name .. ".lua"
      assert.is_true(same_strings(slurp(path)) > 3)
    end
  end)

  it("know their bytes", function()
    local text = [[x = "a\\b\195\169" .. 'c']]
    local tokens = source.tokens(text)
    assert.same({ 6, 7, 9, 10, 14 }, source.map(text, tokens[3]))
    assert.same({ 24 }, source.map(text, tokens[5]))
  end)
end)

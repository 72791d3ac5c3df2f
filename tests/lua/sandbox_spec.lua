-- What rule files cannot do, on every Lua.  (See hostile_spec.lua for what costs time and memory.)

local postil = require "postil"

-- What an expression of a rule file gives, as text, or the message of the load.
local function value(expression, before)
  local set, message = postil.load((before or "") .. "\ntag.x { 'one', is = '<' .. tostring(" ..
    expression .. ") .. '>' }")
  if not set then return message end
  return set:tag("one"):tags()[1].name:match "^<(.*)>$"
end

local function fails(source)
  local set, message = postil.load("-- rules\n" .. source)
  assert.is_nil(set)
  return message
end

describe("rule files", function()
  it("see no library that reaches outside", function()
    for _, name in ipairs { "io", "os", "debug", "package", "require", "jit", "ffi", "bit",
      "coroutine", "load",
      "loadstring", "loadfile", "dofile", "collectgarbage", "newproxy", "getfenv", "setfenv",
        "getmetatable", "module",
      "print", "gcinfo", "postil", "string.dump", "math.random", "math.randomseed", "table.foreach",
        "arg",
      "('').dump", "('').packsize" } do
      assert.equal("nil", value(name), name)
    end
  end)

  it("are text, never bytecode", function()
    local set, message = postil.load { source = string.dump(function() end), name = "b" }
    assert.is_nil(set)
    assert.matches("^b:1: .*b[iy][nt][ae]", message) -- "binary chunk", "bytecode"
  end)

  it("see keys in one order", function()
    assert.equal("1 2 3 a b c true",
      value("list({ c = 1, a = 1, b = 1, 1, 1, [3] = 1, [true] = 1 })", [[
local function list(t)
  local keys = {}
  for key in pairs(t) do keys[#keys + 1] = tostring(key) end
  return table.concat(keys, " ")
end]]))
    assert.equal("a1b", value("k .. v .. next(t, k)",
      "local t = { b = 2, a = 1 } local k, v = next(t)"))
    assert.matches("has no order", fails "for k in pairs { [{}] = 1 } do end")
  end)

  it("see no addresses", function()
    assert.equal("table function", value "tostring {} .. ' ' .. tostring(pcall)")
    assert.equal("table", value "('%s'):format({})")
    assert.matches("%%p is not allowed", fails "local s = ('%p'):format({})")
  end)

  it("have a cap on what the core makes of them", function()
    if postil.core.patience > 1 then return end -- sanitizers keep what was freed
    local function peak()
      local file = io.open "/proc/self/status"
      local text = file and file:read "*a" or ""
      if file then file:close() end
      return tonumber(text:match "VmHWM:%s*(%d+)") or 0
    end
    local before = peak()
    assert.matches("^rules:3: in tag.x#1: out of memory", fails(
      "local t = {} for i = 1, 120000 do t[i] = '/a' .. i .. 'b+/' end\ntag.x(t)"))
    assert.is_true(peak() - before < 256 * 1024)
    local set = assert(postil.load "tag.x 'one'")
    assert.equal(1, #set:tag(("two "):rep(1e6) .. "one"):tags()) -- no cap on texts
  end)

  it("cannot leave work for later", function()
    for _, key in ipairs { "__gc", "__close", "__len", "__mode", "__metatable", "__pairs" } do
      assert.matches(key .. " is not allowed",
        fails("setmetatable({}, { " .. key .. " = function() end })"))
    end
    assert.equal("5", value("setmetatable({}, mt).x",
      "local mt = {} mt.__index = function() return 5 end"))
    assert.equal("6", value("(function() local o = setmetatable({}, c) return o:six() end)()",
      "local c = {} c.__index = c function c:six() return 6 end"))
  end)

  it("have bounded functions of string and table", function()
    assert.matches("more than a megabyte", fails "local s = ('x'):rep(1e9)")
    assert.equal("a-a-a", value "('a'):rep(3, '-')")
    assert.equal("", value "('a'):rep(-1)")
    assert.matches("more than a", fails "table.concat({}, 'x', 1, 1e9)")
    assert.matches("out of bounds", fails "table.insert({}, -1e15, 1)")
    assert.matches("out of bounds", fails "table.remove({ 1 }, 7)")
    assert.matches("more than 200", fails "unpack({}, 1, 1e7)")
    assert.equal("a b", value "table.concat({ 'a', 'b' }, ' ')")
    assert.equal("3 1 2",
      value("(function() table.insert(t, 1, 3) return table.concat(t, ' ') end)()",
      "local t = { 1, 2 }"))
    assert.equal("B a b",
      value("(function() table.sort(t) return table.concat(t, ' ') end)()",
      "local t = { 'b', 'B', 'a' }"))
  end)

  it("do not see each other or the host", function()
    local one = assert(postil.load "x = 1\nstring.upper = nil\ntag.x 'one'")
    assert.equal("nil", value "x")
    assert.equal("function", value "string.upper")
    assert.is_nil(rawget(_G, "x"))
    assert.is_function(string.upper)
    assert.equal(1, #one:tag("one"):tags())
  end)

  it("read only tables beside them", function()
    for _, name in ipairs { "../secret", "/etc/passwd", "a/b", "..", "x/../y", "a\\0b" } do
      assert.matches("is no name of a table", fails('read "' .. name .. '"'))
    end
    for _, name in ipairs { "../x", "/etc/x", "a//b", "a\\0b", "." } do
      assert.matches("is no name of a pack", fails('use "' .. name .. '"'))
    end
  end)

  it("have functions that cannot reach the match later, or change it", function()
    local set = assert(postil.load [[
local kept
tag.x { "one", set = { y = function(m) kept = m return tostring(m) end } }
tag.y { "two <x>", set = { z = function(m) return tostring(kept == m) end,
  w = function(m) m.a = 1 end } }]])
    local doc, message = set:tag "two one"
    assert.is_nil(doc)
    assert.matches("m cannot be changed", message)
  end)

  it("cannot load from within a function of a rule", function()
    local set = assert(postil.load "tag.x { 'one', keep = function() use 'news' end }")
    local doc, message = set:tag "one"
    assert.is_nil(doc)
    assert.matches("rules cannot be made while a text is tagged", message)
  end)
end)

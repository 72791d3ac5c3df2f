-- The same text gives the same bytes: twice, in small steps, in other surroundings, in every Lua.

local same = require "same"

local HERE = debug.getinfo(1, "S").source:match "^@(.*)[^/]*$":match "^.*/"
local TESTS = HERE .. "../"
local BUILD = os.getenv "BUILD" or "build"

local function output(command)
  local pipe = assert(io.popen(command .. " 2>&1"))
  local text = pipe:read "*a"
  pipe:close()
  return text
end

-- The first line in which two texts differ, so that a failure can be read.
local function assert_same(wanted, found)
  if wanted == found then return end
  local rest = found:gmatch "[^\n]*\n?"
  for line in wanted:gmatch "[^\n]*\n?" do assert.equal(line, rest()) end
  assert.equal(wanted, found)
end

-- The Lua that runs this.
local function own_lua()
  local least = 0
  while arg[least - 1] do least = least - 1 end
  return arg[least]
end

-- The lines as another process prints them.
local function child(lua, environment, cpath, locale)
  local path = ("%s../../lua/?.lua;%s../../lua/?/init.lua;%s?.lua"):format(HERE, HERE, HERE)
  return output(("%s LUA_PATH='%s' LUA_CPATH='%s' %s %ssame.lua %s %s"):format(environment, path,
    cpath, lua, HERE, TESTS, locale or ""))
end

describe("the same text", function()
  local wanted

  setup(function() wanted = same.lines(TESTS) end)

  it("gives something", function()
    local _, count = wanted:gsub("\n", "\n")
    assert.is_true(count > 100)
    assert.matches('"id":"sample".-"label":"person"', wanted)
  end)

  it("gives the same twice", function()
    assert_same(wanted, same.lines(TESTS))
  end)

  for _, step in ipairs { 1, 100, 4096 } do
    it("gives the same in steps of " .. step, function()
      local runs = 0
      assert_same(wanted, same.lines(TESTS, function(doc)
        repeat
          local done, message = doc:run(step)
          assert(done ~= nil, message)
          runs = runs + 1
        until done
      end))
      assert.is_true(runs >= select(2, wanted:gsub("\n", "\n")))
    end)
  end

  it("gives the same in other surroundings", function()
    local path = package.cpath
    assert_same(wanted, child(own_lua(), "TZ=Pacific/Kiritimati HOME=/nowhere LC_ALL=C", path))
    assert_same(wanted, child(own_lua(),
      "TZ=UTC HOME=/ LANG=xx LC_ALL=POSIX XDG_CONFIG_HOME=/nowhere", path))
  end)

  it("gives the same in other locales", function()
    local comma, other = {}, {}
    for name in output("locale -a"):gmatch "[%w_%.@-]+" do
      if os.setlocale(name) then table.insert(tostring(0.5) ~= "0.5" and comma or other, name) end
    end
    os.setlocale "C"
    for _, name in ipairs { comma[1] or other[1], comma[2] or other[2] } do
      assert_same(wanted, child(own_lua(), "LC_ALL=" .. name, package.cpath, name))
    end
  end)

  -- One Lua compares itself with all others.
  if _VERSION == "Lua 5.4" then
    for _, lua in ipairs { "lua5.1", "luajit", "lua5.2", "lua5.3" } do
      local abi = lua:match "%d.*" or "5.1"
      it("gives the same in " .. lua, function()
        local module = BUILD .. "/" .. abi .. "/postil/core.so"
        local file = io.open(module, "rb")
        if file then file:close() end
        if not file or output("command -v " .. lua) == "" then
          return pending(lua .. " is not here")
        end
        assert_same(wanted, child(lua, "LC_ALL=C", BUILD .. "/" .. abi .. "/?.so"))
      end)
    end
  end
end)

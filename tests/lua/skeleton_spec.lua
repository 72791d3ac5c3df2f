-- What `postil new` begins a pack with passes its own tests on every Lua.

local postil = require "postil"

local HERE = debug.getinfo(1, "S").source:match "^@(.*)tests/lua/[^/]*$"

describe("the skeleton", function()
  it("passes its tests", function()
    local set = assert(postil.load(HERE .. "lua/postil/skeleton/init.lua"))
    local failures, count = set:test()
    assert.same({}, failures)
    assert.is_true(count >= #set.rules)
  end)
end)

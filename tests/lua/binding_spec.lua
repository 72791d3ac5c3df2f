-- The binding itself, below lua/postil: what lives how long, on every Lua.

local core = require "postil.core"

-- A rule set whose one source is the body of a function that returns its handlers.
local function rules(handlers)
  return core.rules { "local core = ... return { " .. handlers .. " }" }
end

describe("a rule set", function()
  it("lives until its answers are there, whoever else lets go of it", function()
    local list = "list = function() local t = {} for i = 1, 40 do t[i] = { 'x' .. i } end return t end"
    local held = { rules(list) }
    local call = held[1].call
    local pause, step = collectgarbage("setpause", 1), collectgarbage("setstepmul", 100000)
    finally(function()
      collectgarbage("setpause", pause)
      collectgarbage("setstepmul", step)
    end)
    local ok, answer = call(table.remove(held), function() end, "list")
    assert.is_true(ok)
    for i = 1, 40 do assert.same({ "x" .. i }, answer[i]) end
  end)

  it("is not closed while it asks its host, though a document would keep it", function()
    local set = rules "ask = function() return core.fetch() end, seal = function() return core.seal() end"
    assert(set:call(function() end, "seal"))
    local doc = set:open "text"
    local answers = { set:call(function()
      local closed, words = pcall(set.close, set)
      return closed, words, (pcall(doc.close, doc))
    end, "ask") }
    assert.same({ true, false, "this rule set is at work", true }, answers)
    assert(set:call(function() end, "seal"))
    set:close()
    assert.error_matches(function() set:labels() end, "this rule set is closed")
  end)
end)

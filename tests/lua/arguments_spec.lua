-- Arguments that are none: messages name the method and the argument, at the caller's line.
local postil = require "postil"

local set = assert(postil.load 'tag.ship "HMS <cap>"')
local doc = assert(set:tag "HMS Dove and HMS Wren")
local _, map = postil.normalize "e"

local CASES = {
  { function() set:tag(nil) end, "set:tag: text must be a string, not nil" },
  { function() set:tag({}) end, "set:tag: text must be a string, not table" },
  { function() set:open(nil) end, "set:open: text must be a string, not nil" },
  { function() set:tag("a", "b") end, "set:tag: options must be a table, not string" },
  { function() set:tag("a", { date = true }) end, "set:tag: date must be a string, not boolean" },
  { function() doc:why "x" end, "doc:why: position must be a number, not string" },
  { function() doc:why(1, {}) end, "doc:why: label must be a string, not table" },
  { function() doc:run "x" end, "doc:run: bytes must be a number, not string" },
  { function() doc:tags {} end, "doc:tags: label must be a string, not table" },
  { function() doc:each("ship", "x") end, "doc:each: first must be a number, not string" },
  { function() doc:spans("ship", 1, {}) end, "doc:spans: last must be a number, not table" },
  { function() doc:names {} end, "doc:names: label must be a string, not table" },
  { function() doc:attrs "x" end, "doc:attrs: tag must be a tag, not string" },
  { function() doc:place() end, "doc:place: position must be a number, not " },
  { function() doc:place(99) end, "doc:place: no such position in the text" },
  { function() doc:offset(1, "x") end, "doc:offset: column must be a number, not string" },
  { function() doc:offset(0, 1) end, "doc:offset: lines count from 1" },
  { function() doc:offset(1, 1, "words") end, "doc:offset: unit must be bytes, chars or utf16" },
  { function() doc:adopt(doc) end, "doc:adopt: another document is wanted" },
  { function() map:back("x") end, "map:back: first must be a number, not string" },
  { function() map:forth(1, {}) end, "map:forth: last must be a number, not table" },
  { function() postil.normalize() end, "postil.normalize: text must be a string, not " },
  { function() postil.normalize("a", "NFX") end,
    "postil.normalize: form must be NFC, NFD, NFKC or NFKD" },
}

describe("an argument that is none", function()
  for _, case in ipairs(CASES) do
    it("is told: " .. case[2], function()
      local ok, words = pcall(case[1])
      assert.is_false(ok)
      assert.truthy(words:find(case[2], 1, true), words)
      assert.falsy(words:find("bad argument", 1, true), words)
    end)
  end

  it("is told with the line of the call", function()
    local _, words = pcall(function() set:tag(nil) end)
    assert.truthy(words:find("arguments_spec.lua:", 1, true), words)
  end)

  it("goes on after that", function() assert.equal(2, #doc:tags "ship") end)
end)

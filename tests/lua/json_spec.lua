-- The exporter in C against the one in Lua: the same bytes for the same document.

local export = require "postil.export"
local postil = require "postil"

local RULES = [[
quotes { locale = "en", cue = "_cue" }
tag._cue { "said|says" }
tag.person { terms = { { "Ada Bo", is = "Ada \"the\" Bo", age = "7" }, "Cy", { "Zed", zone = "z" } } }
tag.ship { "the [<cap>]", set = { start = "x", ["end"] = true, amount = 4.5e6 - 5e-10, big = 1e300,
  low = -3, half = 0.5, name = "N" } }
tag.mark { "odd", set = { words = "a\27\194\155\226\128\174\240\159\152\128\243\160\129\129\\\"\t\r\n\127" } }
tag.bad { "ill", set = { words = "a\255\226\128b\237\160\128\244\144\128\128\194" } }
amend.quote { "[<quote>] cue:<_cue> speaker:<person>" }
amend.quote { "speaker:<person> cue:<_cue> , [<quote>]" }
]]

-- The same document as one that is no document of the library: Lua writes it.
local function in_lua(doc, id, labels)
  local plain = {}
  for _, name in ipairs { "each", "attrs", "faults" } do
    plain[name] = function(_, ...) return doc[name](doc, ...) end
  end
  return export.jsonl(plain, id, labels)
end

describe("doc:json", function()
  local set = assert(postil.load(RULES))
  local texts = { "", "Nothing here.",
    "“Go ‘now’,” said Ada Bo. Cy said, “Stay.\n\n“Or not.” An odd ill thing. The Rover left the Zed.",
    "“Never closed, said Cy.\n\nAda Bo said, “a” and “b\n\nc” odd\0ill \255\226\128 the Émile",
    ("Ada Bo saw the " .. ("N"):rep(300) .. " and “it went,” said Cy. "):rep(20) }
  it("has the bytes that export.lua writes", function()
    local seen = {}
    for _, text in ipairs(texts) do
      local doc = assert(set:tag(text))
      local line = export.jsonl(doc, "1")
      assert.are.equal(in_lua(doc, "1"), line)
      assert.are.equal(in_lua(doc, "1", { ship = true }), export.jsonl(doc, "1", { ship = true }))
      for key in line:gmatch '"([%w_]+)":' do seen[key] = true end
    end
    for _, key in ipairs { "speaker", "depth", "kind", "start_", "end_", "age", "name", "zone", "words",
      "fault", "amount" } do
      assert.is_true(seen[key], key .. " was not written")
    end
  end)
  it("takes a set of labels or nothing", function()
    local doc = assert(set:tag(texts[3]))
    assert.has_error(function() doc:json "ship" end)
    assert.are.equal('"tags":[]', doc:json({}):match '^"tags":%[%]')
  end)
end)

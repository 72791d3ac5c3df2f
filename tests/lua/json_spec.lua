-- doc:json, written in C, against its slow twin: the same bytes for the same document.

local export = require "postil.export"
local twin = require "json_twin"
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
      assert.are.equal(twin(doc, "1"), line)
      assert.are.equal(twin(doc, "1", { ship = true }), export.jsonl(doc, "1", { ship = true }))
      for key in line:gmatch '"([%w_]+)":' do seen[key] = true end
    end
    for _, key in ipairs { "speaker", "depth", "kind", "start_", "end_", "age", "name", "zone", "words",
      "fault", "amount" } do
      assert.is_true(seen[key], key .. " was not written")
    end
  end)
  it("has its keys in a fixed order", function()
    local doc = assert(set:tag "Ada Bo said, “Stay ‘now’.”")
    assert.are.equal('{"id":1,"unit":"byte","tags":[{"start":0,"end":6,"label":"person","rule":"rules:3",'
      .. '"age":"7","name":"Ada \\"the\\" Bo"},{"start":13,"end":34,"label":"quote","rule":"quotes",'
      .. '"kind":"direct","speaker":{"start":0,"end":6,"name":"Ada \\"the\\" Bo"},'
      .. '"cue":{"start":7,"end":11}},{"start":21,"end":30,"label":"quote","rule":"quotes",'
      .. '"kind":"mixed","depth":1}],"faults":[]}\n', export.jsonl(doc, "1"))
  end)
  it("writes faults with their repairs, null where none is known", function()
    local line = export.jsonl(assert(set:tag "He ran. ”\n\n“We will act.” and then left."), "1")
    assert.are.equal('"faults":[{"start":8,"end":11,"fault":"stray-close","repair":""},'
      .. '{"start":32,"end":35,"fault":"run-on-after-close","repair":null}]}\n',
      line:match '"faults":.*')
  end)
  it("adds parts, names that differ, and moves attributes out of the way of its keys", function()
    local doc = assert(set:tag "“Go.\n\n“Now,” said Ada Bo. See the Rover.")
    assert.are.equal('{"id":1,"unit":"byte","tags":[{"start":0,"end":18,"label":"quote","rule":"quotes",'
      .. '"kind":"direct","speaker":{"start":24,"end":30,"name":"Ada \\"the\\" Bo"},'
      .. '"cue":{"start":19,"end":23},"parts":[{"start":0,"end":6},{"start":8,"end":18}]},'
      .. '{"start":24,"end":30,"label":"person","rule":"rules:3","age":"7","name":"Ada \\"the\\" Bo"},'
      .. '{"start":40,"end":45,"label":"ship","rule":"rules:4","amount":4500000,"big":1e+300,'
      .. '"end_":true,"half":0.5,"low":-3,"name":"N","start_":"x"}],"faults":[]}\n',
      export.jsonl(doc, "1"))
    assert.are.equal('{"id":1,"unit":"byte","tags":[],"faults":[]}\n',
      export.jsonl(doc, "1", { y = true }))
  end)
  it("takes a set of labels or nothing", function()
    local doc = assert(set:tag(texts[3]))
    assert.has_error(function() doc:json "ship" end)
    assert.are.equal('"tags":[]', doc:json({}):match '^"tags":%[%]')
  end)
end)

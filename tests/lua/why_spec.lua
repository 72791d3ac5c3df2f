-- doc:why: what is told at a place, in the rule author's own words and lines, on every Lua.

local postil = require "postil"

local RULES = [=[
tag._title { terms = { "Minister", "Mr" } }
tag.date "(last|next) (Monday|Wednesday)"
tag.person {
  "<_title> [name:<cap>{2,3}]",
  "[<cap> Wednesday]",
}
veto.person { "<date>" }
tag.city { "Oslo", not_after = "near|off", why = "the port is meant, not its roads" }
tag.port { "Oslo", prio = -1, keep = function(m) return m.text ~= "Oslo" end }
alias.person "(Mr|Mrs)? [=name]"
tag._cue { terms = { "said" } }
quotes { locale = "en", cue = "_cue" }
amend.quote { "[<quote>] ,? cue:<_cue> speaker:<person>",
  "speaker:<person> cue:<_cue> , [<quote>]" }
block.teaser "^ read more"
ignore "teaser"
]=]

local set = assert(postil.load { source = RULES, name = "my.lua" })

-- The words at a place of a text, as lines.
local function told(text, word, label, unit)
  local doc = assert(set:tag(text))
  local list = assert(doc:why(assert(text:find(word, 1, true)), label, unit))
  local lines = {}
  for line in (tostring(list) .. "\n"):gmatch "([^\n]*)\n" do
    if line ~= "" then lines[#lines + 1] = line end
  end
  return lines
end

describe("doc:why", function()
  it("says who put a tag there and whom it beat", function()
    assert.same({
      'tag      tag.date#2 my.lua:2 "Next Wednesday"',
      'vetoed   tag.person#3 my.lua:5 "Next Wednesday" <- veto.person#4 my.lua:7 "Next Wednesday"',
    }, told("Next Wednesday it rains.", "Next"))
  end)

  it("says what came near, how far, and what it wanted in its author's words", function()
    assert.same({
      'near     tag.person#3 my.lua:4 "Minister Lund" wanted <cap>{2,3} at 1:20 "ran for it."',
    }, told("Then Minister Lund ran for it.", "Lund", "person"))
    assert.same({ 'tag      tag._title#1 my.lua:1 "Minister"' },
      told("Then Minister Lund ran.", "Minister", "_title"))
  end)

  it("never tears a bracket of the pattern apart", function()
    local own = assert(postil.load [==[tag.x [[go ((now|\)|<num>) (ab|(cd) ef){1,2}|x)]]]==])
    local doc = assert(own:tag "go now zz")
    assert.matches('"go now" wanted (ab|(cd) ef){1,2} at 1:8 "zz"', tostring(doc:why(1)), 1, true)
    doc = assert(own:tag "go zz")
    assert.matches('"go" wanted ((now|\\)|<num>) (ab|(cd) ef){1,2}|x) at 1:4 "zz"',
      tostring(doc:why(1)), 1, true)
  end)

  it("counts columns as asked", function()
    local text = "“Ä\240\159\152\128” Minister Lund ran."
    assert.matches("at 1:28 ", told(text, "Lund", "person")[1])
    assert.matches("at 1:28 ", told(text, "Lund", "person", "bytes")[1])
    assert.matches("at 1:20 ", told(text, "Lund", "person", "chars")[1])
    assert.matches("at 1:21 ", told(text, "Lund", "person", "utf16")[1])
  end)

  it("quotes the option that refused", function()
    assert.same({
      'refused  tag.city#5 my.lua:8 "Oslo" <- not_after = "near|off"',
      'refused  tag.port#6 my.lua:9 "Oslo" <- keep',
      'near     tag.person#3 my.lua:5 "Oslo" wanted Wednesday at 1:17 "."',
    }, told("A port near Oslo.", "Oslo"))
  end)

  it("knows the full name behind a short one, and what is ignored", function()
    local text = "So Minister Karl Lund ran.\nMr Karl Lund fell."
    assert.same({ 'tag      tag.person#3 my.lua:4 "Karl Lund"',
      'beaten   alias.person#7 my.lua:10 "Karl Lund" <- tag.person#3 my.lua:4 "Karl Lund", '
        .. "which was there before" }, { told(text, "Karl")[1], told(text, "Karl")[2] })
    assert.same({ 'tag      alias.person#7 my.lua:10 "Karl Lund" <- tag.person#3 my.lua:3 '
      .. '"Karl Lund"' }, { told(text .. "\nIt was Karl Lund.", "Karl Lund.")[1] })
    assert.same({ 'tag      block.teaser#10 my.lua:15 "Read more Oslo"',
      'hidden   no rule looks inside block.teaser#10 my.lua:15 "Read more Oslo"' },
      told("So it is\nRead more Oslo", "Oslo"))
  end)

  it("shows a quotation's bill, and the sieve that gave its speaker", function()
    assert.same({
      'tag      quote "“We don’t know,”"',
      'amended  amend.quote#9 my.lua:13 "“We don’t know,” said Karl Lund"; the speaker is '
        .. 'alias.person#7 my.lua:10 "Karl Lund"',
      'cost     "“" opens: 0.0; in another role 4.5 more',
      'cost     "”" closes: 0.0; in another role 4.5 more',
    }, told("“We don’t know,” said Karl Lund. Minister Karl Lund ran.", "We", "quote"))
    assert.same({
      'near     amend.quote#9 my.lua:13 "“We know,” said" wanted <person> at 1:21 "nobody."'
    }, { told("“We know,” said nobody.", "We", "quote")[4] })
  end)

  it("has what it says as fields", function()
    local text = "Then Minister Lund ran."
    local doc = assert(set:tag(text))
    local near = assert(doc:why(text:find "Lund", "person"))[1]
    assert.equal("near", near.kind)
    assert.equal("person", near.label)
    assert.equal("my.lua:3", near.rule)
    assert.equal("my.lua", near.file)
    assert.equal(4, near.line)
    assert.equal(4, near.column)
    assert.equal("Minister Lund", text:sub(near.first, near.last))
    assert.equal("<cap>{2,3}", near.wanted)
    assert.equal("ran.", text:sub(near.at))
    local refused
    doc = assert(set:tag "A port near Oslo.")
    for _, entry in ipairs(doc:why(13)) do
      if entry.label == "city" then refused = entry end
    end
    assert.equal("the port is meant, not its roads", refused.why)
    assert.equal("near|off", refused.wanted)
  end)

  it("has nothing to tell where nothing is, and says what is wrong", function()
    local doc = assert(set:tag "it rains.")
    assert.equal("", tostring(doc:why(5)))
    assert.equal(0, #doc:why(10))
    assert.same({ nil, "no rule has this label" }, { doc:why(1, "town") })
    assert.error_matches(function() doc:why(11) end, "no such position")
    assert.error_matches(function() doc:why(0) end, "no such position")
    local open = assert(set:open "It rains.")
    assert.same({ nil, "the document is not tagged to its end yet" }, { open:why(1) })
    doc:close()
    assert.error_matches(function() doc:why(1) end, "closed")
  end)

  it("knows statements when the rule set is closed", function()
    local own = assert(postil.load { source = RULES, name = "my.lua" })
    local text = "Then Minister Lund ran."
    local doc = assert(own:tag(text))
    own:close()
    assert.equal('near     tag.person my.lua:3 "Minister Lund" stopped at 1:20 "ran."',
      tostring(doc:why(15, "person")))
  end)

  it("tells what went wrong in a rule's function", function()
    local own = assert(postil.load [[
local calls = 0
tag.city { "Oslo", keep = function()
  calls = calls + 1
  if calls > 1 then error "not again" end
  return true
end }
]])
    local doc = assert(own:tag "In Oslo.")
    assert.same({ nil, "rules:4: not again" }, { doc:why(5) })
    assert.equal("city", doc:tags()[1].label)
  end)

  it("shows controls of a text instead of sending them", function()
    local lines = told("Then Minister \27[0mLund Lund ran.", "Minister", "person")
    for _, line in ipairs(lines) do assert.is_nil(line:find "%c") end
  end)

  it("changes no tag, wherever it is asked, and agrees with them", function()
    local text = "So Minister Karl Lund ran. “We don’t know,” said Karl Lund near Oslo.\n\n“No,” he said."
    local doc = assert(set:tag(text))
    local before = doc:json()
    for at = 1, #text do
      local here, list = {}, doc:why(at)
      for tag in doc:each(nil, at, at) do here[tag.first .. "-" .. tag.last .. tag.label] = true end
      local first = list[1]
      if first and first.kind == "tag" then
        assert.is_true(here[first.first .. "-" .. first.last .. first.label])
      else
        assert.is_nil(next(here))
      end
    end
    assert.equal(before, doc:json())
  end)
end)

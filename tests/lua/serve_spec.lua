-- The session of `postil serve`: each verb, what is wrong, texts that are edited at random in each
-- unit, events.  (tests/command/serve_spec.lua has the process.)

local Buffer = require "postil.editor.buffer"
local Lines = require "postil.serve.lines"
local Session = require "postil.serve.session"
local edits = require "edits"
local encode = require "served".encode
local folder = require "folder"
local inside = require "postil.serve.inside"
local json_read = require "postil.json_read"
local postil = require "postil"
local unicode = require "postil.unicode"

local UNITS = { "byte", "char", "utf16" }

local TEXT = "“We are full,” said Ann Lee. ”\n\nLee left Oslo.\n"

-- ---- a client in this process ------------------------------------------------------------------

local Client = {}
Client.__index = Client

local function client(unit)
  local self = setmetatable({ now = 0, id = 0 }, Client)
  self.session = Session.new { clock = function() return self.now end }
  if unit then assert.is_true(self:ask { "hello", unit = unit }.ok) end
  return self
end

-- What is said to a line.
function Client:say(line)
  local said = self.session:take(line)
  while not said do
    self.session:step()
    said = self.session:waited()
  end
  assert.equal("\n", said:sub(-1))
  assert.is_nil(said:find "[%z\1-\9\11-\31\127]")
  return assert(json_read.value(said))
end

-- What is answered to a request { verb, field = value, ... }.
function Client:ask(request)
  self.id = self.id + 1
  request.id, request["do"], request[1] = self.id, request[1], nil
  local said = self:say(encode(request))
  assert.equal(self.id, said.id)
  return said
end

function Client:open(text, more)
  local request = { "open", text = "t", content = text }
  for name, value in pairs(more or {}) do request[name] = value end
  return self:ask(request)
end

-- Works to the end; all events.
function Client:finish()
  local list = {}
  repeat
    self.session:step()
    self.now = self.now + 1
    for line in self.session:events():gmatch "[^\n]+" do list[#list + 1] = json_read.value(line) end
  until not self.session:busy()
  return list
end

-- Events without their text, in words.
local function words(events)
  local out = {}
  for i, event in ipairs(events) do
    assert.equal("t", event.text)
    out[i] = event.event .. " " .. event.version
  end
  return table.concat(out, ", ")
end

local function opened(text, more, unit)
  local one = client(unit)
  assert.is_true(one:open(text, more).ok)
  one:finish()
  return one
end

-- ---- places, the slow way -----------------------------------------------------------------------

local function width(bytes, unit)
  if unit == "byte" then return #bytes end
  local n = 0
  unicode.map(bytes:gsub("[%z\1-\127]", "é"), function(code)
    n = n + (unit == "utf16" and code > 0xFFFF and 2 or 1)
  end)
  return n
end

-- Line and column of a byte.
local function place(text, byte, unit)
  local before = text:sub(1, byte - 1)
  local _, feeds = before:gsub("\n", "")
  return feeds + 1, width(before:sub(before:match "^.*\n()" or 1), unit) + 1
end

local function span(text, first, last, unit)
  local line, column = place(text, first, unit)
  local to_line, to_column = place(text, last + 1, unit)
  return { line, column, to_line, to_column }
end

-- What `faces` should say of a text.
local function faces(set, text, unit)
  local doc, out, labels = assert(set:tag(text)), {}, set:labels()
  local spans = doc:spans()
  for i = 1, #spans, 3 do
    for _, n in ipairs(span(text, spans[i], spans[i + 1], unit)) do out[#out + 1] = n end
    out[#out + 1] = labels[spans[i + 2]]
  end
  doc:close()
  return out
end

-- Valid UTF-8, as JSON has it where columns do not count bytes.
local function valid(text)
  return unicode.map(text, function(code) return not code and "\239\191\189" or nil end)
end

-- Whether a character begins at a byte.
local function begins(text, byte)
  local c = text:byte(byte)
  return not c or c < 128 or c > 191
end

-- Lines of a buffer, and the buffer.
local function lines_of(text, unit)
  local buffer = assert(Buffer.open { text = text, rules = { source = 'tag.x "zzz"\n' } })
  return Lines.new(buffer, unit), buffer
end

describe("lines of a text", function()
  local text = "é😀x\r\n\nlast " .. ("aé😀\n"):rep(4000) .. ("é"):rep(20000) .. "\nend"

  for _, unit in ipairs(UNITS) do
    it("are found in " .. unit .. "s, and back", function()
      local lines = lines_of(text, unit)
      assert.equal(4004, lines:count())
      for _, byte in ipairs { 1, 3, 7, 8, 9, 10, 11, 30, 8190, 20000, 36050, 40001, 70001, #text,
        #text + 1 } do
        while not begins(text, byte) do byte = byte - 1 end
        local line, column = lines:place(byte)
        assert.same({ place(text, byte, unit) }, { line, column })
        assert.equal(byte, lines:byte(line, column))
      end
    end)
  end

  it("have no places behind their ends, none inside of a character", function()
    local lines = lines_of("a😀\nb", "utf16")
    assert.equal(6, lines:byte(1, 4))
    assert.same({ nil, "lies inside of a character" }, { lines:byte(1, 3) })
    assert.same({ nil, "lies behind the end of its line" }, { lines:byte(1, 5) })
    assert.same({ nil, "lies behind the end of its line" }, { lines:byte(2, 3) })
    assert.same({ nil, "lies behind the last line, 2" }, { lines:byte(3, 1) })
  end)

  for _, unit in ipairs(UNITS) do
    it("follow edits of a long text, in " .. unit .. "s", function()
      local story, now = edits.new(77), text
      local lines, buffer = lines_of(now, unit)
      for turn = 1, 120 do
        local first = story:number(#now + 1)
        local last = math.min(#now, first - 1 + story:number(story:chance(10) and 30000 or 40) - 1)
        while not begins(now, first) do first = first - 1 end
        while not begins(now, last + 1) do last = last + 1 end
        local new = ("\né😀x "):rep(story:number(story:chance(10) and 4000 or 4) - 1)
        now = now:sub(1, first - 1) .. new .. now:sub(last + 1)
        assert(buffer:edit(first, last, new))
        for _, byte in ipairs { first, first + #new, story:number(#now + 1) } do
          if turn % 4 == 0 and begins(now, byte) then
            local line, column = lines:place(byte)
            assert.same({ place(now, byte, unit) }, { line, column })
            assert.equal(byte, lines:byte(line, column))
          end
        end
      end
      local _, feeds = now:gsub("\n", "")
      assert.equal(feeds + (now:find "[^\n]$" and 1 or 0), lines:count())
    end)
  end

  it("of a text of no bytes are one", function()
    local lines = lines_of("", "char")
    assert.same({ 1, 1, 1 }, { lines:count(), lines:place(1) })
    assert.equal(1, lines:byte(1, 1))
    assert.is_nil(lines:byte(2, 1))
  end)
end)

describe("a session", function()
  it("greets first or not at all", function()
    assert.same({ id = 1, ok = true, protocol = 1, unit = "utf16", version = postil.version },
      client():ask { "hello", unit = "utf16", protocol = 1 })
    assert.equal("this postil speaks protocol 1", client():ask { "hello", protocol = 2 }.error)
    assert.equal('"unit" must be "byte", "char" or "utf16"',
      client():ask { "hello", unit = "bytes" }.error)
    local one = opened("a")
    assert.equal('"hello" must come first', one:ask { "hello" }.error)
  end)

  it("answers what is no request", function()
    local one = client()
    for line, error in pairs {
      ["{"] = "no JSON: byte 2: a key wanted",
      ["[]x"] = "no JSON: byte 3: something behind the value",
      ["7"] = 'no object like {"id": 1, "do": "open", ...}',
      ["null"] = 'no object like {"id": 1, "do": "open", ...}',
      ['["do"]'] = 'no object like {"id": 1, "do": "open", ...}',
      ['"\27[2J'] = "no JSON: byte 2: a control character",
      ['{"id":1,"id":2}'] = "no JSON: byte 9: a key given twice",
      ['{"id":true,"do":"quit"}'] = '"id" must be a string, or a whole number below 2^53',
      ['{"id":[1],"do":"quit"}'] = '"id" must be a string, or a whole number below 2^53',
      ['{"id":9007199254740993,"do":"quit"}'] =
        '"id" must be a string, or a whole number below 2^53',
      ['{"do":"qiut"}'] = 'there is no verb "qiut" (did you mean "quit"?)',
      ['{"do":"\\u001b[2J\\u009b"}'] = 'there is no verb "^[[2J<U+009B>"',
      ['{"do":null}'] = 'a request says what to "do"',
      ["{}"] = 'a request says what to "do"',
      [("["):rep(100)] = "no JSON: byte 66: too many levels",
    } do
      assert.same({ id = json_read.null, error = error }, one:say(line))
    end
    assert.same({ id = "é", error = 'there is no verb "x"' }, one:say '{"id":"\\u00e9","do":"x"}')
    assert.is_false(one.session.ended)
  end)

  it("answers fields that are wrong", function()
    local one = opened(TEXT)
    for error, request in pairs {
      ['"tags" needs "text": a string, not empty'] = { "tags" },
      ['"text" must be a string, not empty'] = { "tags", text = 7 },
      ['no text "x" is open'] = { "tags", text = "x" },
      ['"tags" has no field "spam" (did you mean "span"?)'] = { "tags", text = "t", spam = 1 },
      ['"span" must be [line, column, line, column], all from 1'] = { "tags", text = "t",
        span = { 1, 1 } },
      ['"labels" must be a list of labels'] = { "tags", text = "t", labels = { 1 } },
      ['"at" must be [line, column], both from 1'] = { "at", text = "t", at = { 0, 1 } },
      ['"inner" must be true or false'] = { "at", text = "t", at = { 1, 1 }, inner = "yes" },
      ['"at" lies behind the last line, 3: line 9, column 1'] = { "at", text = "t", at = { 9, 1 } },
      ['"at" lies behind the end of its line: line 3, column 99'] = { "hover", text = "t",
        at = { 3, 99 } },
      ['"count" must be a whole number from 1'] = { "next", text = "t", at = { 1, 1 }, count = 0 },
      ['"span" ends before it begins'] = { "faces", text = "t", span = { 3, 1, 1, 1 } },
      ['"name" is blank'] = { "find", text = "t", name = " " },
      ['"open" needs "content" or "file", and not both'] = { "open", text = "u" },
      ['"date" must be a day like 2023-02-22'] = { "open", text = "u", content = "", date = "now" },
      ['"rules" must be a string, or a list of strings'] = { "open", text = "u", content = "",
        rules = {} },
      ['"version" must be a whole number from 0'] = { "open", text = "u", content = "",
        version = 1.5 },
    } do
      assert.equal(error, one:ask(request).error)
    end
    assert.equal('"at" must be [line, column], both from 1',
      one:say('{"do":"at","text":"t","at":[1,1e999]}').error)
    -- All that changed nothing.
    assert.same({ id = one.id + 1, ok = true, version = 0, done = true },
      one:ask { "wait", text = "t" })
  end)

  it("answers whatever comes", function()
    local requests = {
      '{"id":1,"do":"open","text":"t","content":"\\u201cNo,\\u201d said Ann Lee.\\nOslo","version":3}',
      '{"id":1,"do":"edit","text":"t","from":[1,2],"to":[2,1],"content":"\\ud83d\\ude00","size":20}',
      '{"id":1,"do":"lines","text":"t","first":1,"last":1,"content":"Lee left.\\n"}',
      '{"id":1,"do":"tags","text":"t","span":[1,1,2,1],"labels":["person","quote"]}',
      '{"id":1,"do":"faces","text":"t","span":[1,2,1,9]}',
      '{"id":1,"do":"at","text":"t","at":[1,3],"label":"quote","inner":true}',
      '{"id":1,"do":"next","text":"t","at":[1,1],"label":"person|city","count":2}',
      '{"id":1,"do":"partner","text":"t","at":[1,3]}', '{"id":1,"do":"hover","text":"t","at":[1,14]}',
      '{"id":1,"do":"why","text":"t","at":[1,14],"label":"person"}', '{"id":1,"do":"wait","text":"t"}',
      '{"id":1,"do":"names","text":"t","label":"city"}', '{"id":1,"do":"find","text":"t","name":"Lee"}',
      '{"id":1,"do":"fix","text":"t","all":true}', '{"id":1,"do":"complete","text":"t","prefix":"A"}',
      '{"id":1,"do":"complete","text":"t","at":[1,14]}',
      '{"id":1,"do":"rules","text":"t"}', '{"id":1,"do":"close","text":"t"}',
    }
    local story, one, errors = edits.new(5), client "char", 0
    for _ = 1, 3000 do
      local line = story:one(requests)
      if story:chance(60) then
        local at = story:number(#line)
        local new = story:one { "", "0", "9", "-", "]", "[", "{", '"', ",", "\\", "é", "\255", "null",
          '"text"', "1e3", "true" }
        line = line:sub(1, at - 1) .. new .. line:sub(at + story:number(3))
      end
      local said = one:say(line)
      assert.is_true(said.ok or type(said.error) == "string")
      assert.is_nil((said.error or ""):find("should not have", 1, true))
      errors = errors + (said.error and 1 or 0)
      if said.resync then one:say(requests[1]) end
    end
    assert.is_true(errors > 500 and errors < 2500)
  end)

  it("opens a text that lies in a file", function()
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write "Ann Lee left.\n"
    file:close()
    local one = client()
    assert.is_true(one:open(nil, { file = path, version = 3 }).ok)
    one:finish()
    assert.same({ 1, 1, 1, 8, "person" }, one:ask { "faces", text = "t" }.spans)
    assert.equal('"open" needs "content" or "file", and not both',
      one:open("", { file = path }).error)
    one:open("Oslo")
    os.remove(path)
    assert.is_string(one:open(nil, { file = path }).error)
    assert.equal('no text "t" is open', one:ask { "who", text = "t" }.error)
  end)

  it("opens no text by rules that do not load", function()
    local one = client()
    local said = one:open("a", { rules = "tag.ship '('\n" })
    assert.matches("^rules:1: ", said.error)
    assert.equal("error", said.errors[1].severity)
    assert.equal(1, said.errors[1].line)
    assert.equal('no text "t" is open', one:ask { "who", text = "t" }.error)
    assert.is_string(one:open("a", { rules = { "news", "no such pack" } }).error)
    assert.is_string(one:open("\255\254a\0b\0").error)
  end)

  it("takes bytes that are no UTF-8 only where columns are bytes", function()
    assert.same({ id = json_read.null,
      error = "the line is no UTF-8, and columns do not count bytes" },
      client "char":say '{"id":7,"do":"open","text":"t","content":"a\255b"}')
    local one = opened("\255 Ann Lee\n")
    assert.same({ 1, 3, 1, 10, "person" }, one:ask { "faces", text = "t" }.spans)
  end)

  it("tells of tags", function()
    local one = opened(TEXT, nil, "char")
    local said = one:ask { "tags", text = "t" }
    assert.is_true(said.done)
    assert.same({ span = { 1, 1, 1, 15 }, label = "quote", attributes = { kind = "direct",
      by = "after", speaker = { span = { 1, 21, 1, 28 }, name = "Ann Lee" },
      cue = { span = { 1, 16, 1, 20 }, name = "said" } } }, said.tags[1])
    assert.equal("Ann Lee", said.tags[3].name)
    assert.same({ 3, 1, 3, 4 }, said.tags[3].span)
    assert.same({}, one:ask { "tags", text = "t", span = { 2, 1, 3, 1 } }.tags)
    assert.equal(1, #one:ask { "tags", text = "t", labels = { "city", "quote" },
      span = { 3, 1, 4, 1 } }.tags)
    -- A span of no characters is the place.
    assert.equal("person", one:ask { "tags", text = "t", span = { 3, 2, 3, 2 } }.tags[1].label)
    assert.same({}, opened(""):ask { "tags", text = "t" }.tags)
  end)

  it("tells parts of a quotation, and what is inside another", function()
    local one = opened("“One ‘two’ three.\n\n“Four,” said Ann Lee.\n", nil, "char")
    local tags = one:ask { "tags", text = "t", labels = { "quote" } }.tags
    assert.same({ { 1, 1, 1, 18 }, { 3, 1, 3, 8 } }, tags[1].parts)
    assert.equal(1, tags[2].depth)
    local at = one:ask { "at", text = "t", at = { 3, 3 }, inner = true }.tags
    assert.same({ 3, 2, 3, 7 }, at[1].inner)
    at = one:ask { "at", text = "t", at = { 1, 8 }, label = "quote" }.tags
    assert.same({ { 1, 6, 1, 11 }, { 1, 1, 3, 8 } }, { at[1].span, at[2].span })
    assert.is_nil(at[1].inner)
  end)

  it("leads on", function()
    local one = opened(TEXT, nil, "char")
    assert.same({ 1, 21, 1, 28 }, one:ask { "partner", text = "t", at = { 1, 2 } }.span)
    local said = one:ask { "partner", text = "t", at = { 2, 1 } }
    assert.same({ json_read.null, "nothing is tagged here" }, { said.span, said.words })
    said = one:ask { "next", text = "t", at = { 1, 1 }, label = "person|city", count = 9 }
    assert.same({ { 3, 10, 3, 14 }, "city" }, { said.span, said.label })
    said = one:ask { "previous", text = "t", at = { 4, 1 }, label = "person", count = 2 }
    assert.same({ 1, 21, 1, 28 }, said.span)
    said = one:ask { "next", text = "t", at = { 4, 1 }, label = "money" }
    assert.same({ json_read.null, "there is no money behind here" }, { said.span, said.words })
  end)

  it("lists, mends and completes", function()
    local one = opened(TEXT, nil, "char")
    local function rows(request)
      local out = {}
      for i, row in ipairs(one:ask(request).rows) do
        out[i] = ("%d:%d %s"):format(row.span[1], row.span[2], row.words)
      end
      return out
    end
    assert.same({ "1:1 Ann Lee: “We are full,”" }, rows { "who", text = "t" })
    assert.same({ "1:1 Ann Lee: “We are full,”" }, rows { "who", text = "t", name = "lee" })
    assert.same({}, rows { "who", text = "t", name = "Bo" })
    assert.same({ "1:1 Ann Lee: “We are full,”" }, rows { "quotes", text = "t" })
    local fault = one:ask { "check", text = "t" }.rows[1]
    assert.same({ "stray-close", "", true }, { fault.fault, fault.repair, fault.safe })
    local labels = one:ask { "labels", text = "t" }
    assert.is_truthy(("|" .. labels.names .. "|"):find("|person|", 1, true))
    assert.is_nil(("|" .. labels.names .. "|"):find("|quote|", 1, true))
    assert.equal("city", labels.labels[1])
    assert.same({ "1:21 Ann Lee  person  2", "3:10 Oslo  city  1" }, rows { "names", text = "t" })
    assert.same({ "3:10 Oslo  city  1" }, rows { "names", text = "t", label = "city" })
    assert.same({ "1:21 “We are full,” said Ann Lee. ”", "3:1 Lee left Oslo." },
      rows { "find", text = "t", name = "lee" })
    assert.same({ "1:30 stray-close: this closing mark belongs to no quotation" },
      rows { "check", text = "t" })
    local few = one:ask { "check", text = "t", near = { 1, 1 }, most = 0 }
    assert.same({ {}, 1 }, { few.rows, few.left })
    assert.same(rows { "check", text = "t" }, rows { "check", text = "t", span = { 1, 9, 2, 1 } })
    assert.same({}, rows { "check", text = "t", span = { 2, 1, 4, 1 } })
    local said = one:ask { "fix", text = "t", all = true }
    assert.same({ { span = { 1, 30, 1, 31 }, content = "" } }, said.edits)
    assert.equal(0, said.left)
    assert.same({ { words = "Ann Lee", label = "person", count = 2 } },
      one:ask { "complete", text = "t", prefix = "ANN" }.names)
    said = one:ask { "complete", text = "t", at = { 1, 25 } } -- behind a name of two words
    assert.same({ { 1, 21, 1, 25 }, "Ann Lee" }, { said.span, said.names[1].words })
    said = one:ask { "complete", text = "t", at = { 1, 17 } } -- no name begins so
    assert.same({ { 1, 16, 1, 17 }, {} }, { said.span, said.names })
    said = one:ask { "complete", text = "t", at = { 3, 1 } } -- nothing stands before it
    assert.same({ { 3, 1, 3, 1 }, 3 }, { said.span, #said.names })
    assert.equal('give "prefix" or "at"', one:ask { "complete", text = "t" }.error)
    assert.equal('give "prefix" or "at"',
      one:ask { "complete", text = "t", at = { 1, 1 }, prefix = "A" }.error)
    assert.is_string(one:ask { "complete", text = "t", at = { 9, 1 } }.error)
    -- What was just edited is no excuse.
    one:ask { "edit", text = "t", from = { 1, 1 }, to = { 1, 1 }, content = "” " }
    said = one:ask { "fix", text = "t" }
    assert.same({ true, { 1, 1, 1, 2 } }, { said.done, said.edits[#said.edits].span })
  end)

  it("lists the faults around a place", function()
    local one = opened("No. ”\n\nYes. ”\n\nNo. ”\n\n\n\nYes. ”\n", nil, "char")
    local function near(at, most)
      local said, out = one:ask { "check", text = "t", near = at, most = most }, {}
      for i, row in ipairs(said.rows) do out[i] = row.span[1] end
      return out, said.left
    end
    local function assert_near(lines, left, ...)
      local found, besides = near(...)
      assert.same(lines, found)
      assert.equal(left, besides)
    end
    assert_near({ 1, 3, 5, 9 }, nil)
    assert_near({ 1, 3, 5, 9 }, 0, { 1, 1 }, 9)
    assert_near({ 1, 3 }, 2, nil, 2)
    assert_near({ 3, 5 }, 2, { 4, 1 }, 2)
    assert_near({ 9 }, 3, { 6, 1 }, 1)
    assert_near({ 9 }, 3, { 9, 1 }, 1)
    assert_near({ 3, 5, 9 }, 1, { 10, 1 }, 3)
    assert_near({}, 4, { 1, 1 }, 0)
    assert.is_truthy(one:ask { "check", text = "t", near = { 11, 1 }, most = 1 }.error)
    assert.equal('"near" wants "most"', one:ask { "check", text = "t", near = { 1, 1 } }.error)
    -- Of those of a span, too.
    local said = one:ask { "check", text = "t", span = { 3, 1, 6, 1 }, near = { 9, 1 }, most = 1 }
    assert.same({ 5, 1, 1 }, { said.rows[1].span[1], #said.rows, said.left })
  end)

  it("explains", function()
    local one = opened(TEXT, { rules = "tag.city 'Oslo'\n" })
    assert.same({ "city: Oslo", "  rule rules:1" },
      one:ask { "hover", text = "t", at = { 3, 10 } }.lines)
    local said = one:ask { "why", text = "t", at = { 3, 10 } }
    assert.matches("^tag +tag%.city", said.lines[1])
    assert.same({ file = "rules", line = 1 }, said.place)
    said = one:ask { "why", text = "t", at = { 2, 1 } }
    assert.same({ {}, nil }, { said.lines, said.place })
    assert.is_string(one:ask { "why", text = "t", at = { 2, 1 }, label = "ship" }.error)
    -- Before all is tagged nobody knows.
    one:open(TEXT .. TEXT)
    assert.is_string(one:ask { "why", text = "t", at = { 1, 1 } }.error)
  end)
end)

describe("a text of a session", function()
  it("follows edits", function()
    local one = opened("Oslo\nfell.", nil, "utf16")
    local said = one:ask { "edit", text = "t", from = { 1, 1 }, to = { 1, 1 }, content = "😀 " }
    assert.is_true(said.ok)
    assert.equal("changed 1, done 1", words(one:finish()))
    assert.same({ 1, 4, 1, 8, "city" }, one:ask { "faces", text = "t" }.spans)
    assert.is_true(one:ask { "edit", text = "t", from = { 1, 8 }, to = { 2, 6 }, content = "",
      size = 9, version = 40 }.ok)
    assert.equal("changed 40, done 40", words(one:finish()))
    assert.same({ 1, 4, 1, 8, "city" }, one:ask { "faces", text = "t" }.spans)
  end)

  it("follows lines", function()
    local one = client()
    local function is(content, first, last, new)
      one:open(content)
      local said = one:ask { "lines", text = "t", first = first, last = last, content = new }
      return said.ok and one.session.texts.t.buffer:text() or said.error
    end
    assert.equal("x\nb\n", is("a\nb\n", 1, 1, "x\n"))
    assert.equal("a\nx\ny\n", is("a\nb\n", 2, 2, "x\ny\n"))
    assert.equal("a\nx\nb\n", is("a\nb\n", 2, 1, "x\n"))
    assert.equal("a\nb\nx\n", is("a\nb\n", 3, 2, "x\n"))
    assert.equal("a\nb\nx\n", is("a\nb", 3, 2, "x\n"))
    assert.equal("a\nx\n", is("a\nb", 2, 2, "x\n"))
    assert.equal("a\n", is("a\nb", 2, 2, ""))
    assert.equal("a\nb", is("a\nb", 3, 2, ""))
    assert.equal("", is("a\nb\n", 1, 2, ""))
    assert.equal("x\n", is("", 1, 1, "x\n"))
    assert.equal("x\n", is("", 1, 0, "x\n"))
    assert.equal("a\nb\n", is("a\nb\n", 1, 0, ""))
    assert.equal("lines 4 to 3 are none of the text: it has 2", is("a\nb\n", 4, 3, "x\n"))
    assert.equal("lines 1 to 3 are none of the text: it has 2", is("a\nb\n", 1, 3, "x\n"))
    assert.equal("lines 2 to 0 are none of the text: it has 2", is("a\nb\n", 2, 0, "x\n"))
    assert.equal('"content" must be lines that each end with \\n, or empty',
      is("a\nb\n", 1, 1, "x"))
  end)

  it("is asked for again when an edit cannot be made", function()
    local lost = 'the text "t" is no longer what the editor has: open it again'
    for _, request in ipairs {
      { "edit", from = { 1, 9 }, to = { 1, 9 }, content = "" },
      { "edit", from = { 1, 2 }, to = { 1, 1 }, content = "" },
      { "edit", from = { 1, 1 }, to = { 1, 1 }, content = "x", size = 1 },
      { "edit", from = { 1, 1 }, to = { 1, 1 } },
      { "edit", from = { 1, 1 }, to = { 1, 1 }, content = "x", sise = 1 },
      { "lines", first = 7, last = 7, content = "" },
    } do
      local one = opened("a\n")
      request.text = "t"
      local said = one:ask(request)
      assert.is_string(said.error)
      assert.is_true(said.resync)
      said = one:ask { "who", text = "t" }
      assert.same({ lost, true }, { said.error, said.resync })
      assert.equal(lost, one:ask { "edit", text = "t", from = { 1, 1 }, to = { 1, 1 },
        content = "" }.error)
      assert.same({}, one:finish())
      assert.is_true(one:open("Oslo", { version = 5 }).ok)
      assert.equal("changed 5, done 5", words(one:finish()))
      assert.same({ 1, 1, 1, 5, "city" }, one:ask { "faces", text = "t" }.spans)
    end
  end)

  it("is opened again, by other rules too, and closed", function()
    local one = opened(TEXT)
    assert.is_true(one:open("Oslo", { rules = "tag.port 'Oslo'\n" }).ok)
    one:finish()
    assert.same({ 1, 1, 1, 5, "port" }, one:ask { "faces", text = "t" }.spans)
    assert.is_true(one:open("Oslo, Oslo", { rules = "tag.port 'Oslo'\n", version = 9 }).ok)
    assert.equal("changed 9, done 9", words(one:finish()))
    assert.equal(10, #one:ask { "faces", text = "t" }.spans)
    assert.is_true(one:ask { "close", text = "t" }.ok)
    assert.equal('no text "t" is open', one:ask { "close", text = "t" }.error)
    assert.is_false(one.session:busy())
    assert.is_true(one:ask { "quit" }.ok)
    assert.is_true(one.session.ended)
  end)

  it("is told to be done once, and what has changed in between together", function()
    local one = client()
    one:open(("Ann Lee left Oslo.\n\n"):rep(20000))
    local changed, early = 0, 0
    one:ask { "faces", text = "t", span = { 30001, 1, 30051, 1 } }
    while one.session:busy() do
      one.session:step()
      one.now = one.now + 0.004
      for line in one.session:events():gmatch "[^\n]+" do
        local event = json_read.value(line)
        if event.event == "changed" then changed = changed + 1 end
        if changed == 1 and early == 0 then
          early = #one:ask { "faces", text = "t", span = { 30001, 1, 30051, 1 } }.spans
          assert.is_true(one.session:busy())
        end
      end
    end
    assert.equal(25 * 2 * 5, early) -- of the preview
    assert.is_true(changed > 1 and changed < 30)
    assert.equal(25 * 2 * 5,
      #one:ask { "faces", text = "t", span = { 30001, 1, 30051, 1 } }.spans)
    assert.equal("", one.session:events())
  end)

  it("does not grow while nobody reads its events", function()
    local one = opened(("Ann Lee left Oslo.\n\n"):rep(1500))
    for i = 1, 1000 do
      assert.is_true(one:ask { "edit", text = "t", from = { i % 1500 * 2 + 1, 1 },
        to = { i % 1500 * 2 + 1, 2 }, content = i % 2 == 0 and "E" or "A" }.ok)
      one.session:step()
    end
    local events = one:finish()
    assert.equal("changed 1000, done 1000", words(events))
    assert.is_true(#events[1].spans <= 256)
  end)

  it("says when tagging has failed, and goes on after an edit", function()
    local one = client()
    one:open("ship one", { rules = [[tag.ship { "ship", keep = function(t)
      if t.text == "ship" then error "no" end return true end }
      ]] })
    local events = one:finish()
    if events[1].event == "failed" then
      assert.matches("no", events[1].message)
      assert.is_false(one:ask { "wait", text = "t" }.done)
      assert.is_true(one:ask { "edit", text = "t", from = { 1, 1 }, to = { 1, 5 },
        content = "boat" }.ok)
      assert.equal("changed 1, done 1", words(one:finish()))
    end
    assert.equal("failed", events[1].event)
  end)

  for _, unit in ipairs(UNITS) do
    it("is that of its text after any edits, in " .. unit .. "s", function()
      local set = assert(postil.load "news")
      for seed = 1, tonumber(os.getenv "STORIES") or 12 do
        local story = edits.new(seed * 31)
        local one, clean = client(unit), unit == "byte" and function(s) return s end or valid
        local text = clean(story:text(12))
        assert.is_true(one:open(text).ok)
        for turn = 1, 30 do
          local first, last, new = story:next(text)
          new = clean(new)
          if unit ~= "byte" then
            while not begins(text, first) do first = first - 1 end
            while not begins(text, last + 1) do last = last + 1 end
          end
          local from, column = place(text, first, unit)
          local to, to_column = place(text, last + 1, unit)
          text = text:sub(1, first - 1) .. new .. text:sub(last + 1)
          local said = one:ask { "edit", text = "t", from = { from, column }, to = { to, to_column },
            content = new, size = #text }
          assert.is_nil(said.error)
          if turn % 3 == 0 then one.session:step() end
          if turn % 5 == 0 then
            assert.is_true(one:ask { "wait", text = "t" }.done)
            assert.same(faces(set, text, unit), one:ask { "faces", text = "t" }.spans)
          end
        end
      end
      set:close()
    end)
  end
end)

describe("rules of a session", function()
  local trust, trusted = postil.trust, nil

  before_each(function()
    trusted = {}
    postil.trust = function()
      return {
        refusal = function(_, path, source)
          return trusted[path] ~= source and "not trusted: ask" or nil
        end,
        add = function(_, path, source)
          trusted[path] = source
          return path
        end,
      }
    end
  end)
  after_each(function() postil.trust = trust end)

  local function slurp(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read "*a"
    file:close()
    return text
  end

  it("beside a text are used once they are trusted", function()
    local path, write = folder(finally, { ["t.postil.lua"] = 'tag.ship "Zork"\n' })
    local one, own = client(), path .. "/t.postil.lua"
    local said = one:open("The Zork left Oslo.", { path = path .. "/t" })
    assert.same({ "not trusted: ask", own }, { said.untrusted, said.path })
    one:finish()
    said = one:ask { "rules", text = "t" }
    assert.same({ { own }, own, "not trusted: ask" }, { said.files, said.path, said.untrusted })
    said = one:ask { "trust", path = own, content = "something else" }
    assert.equal(own .. ": the file holds something else than what was shown; look again", said.error)
    assert.equal(own .. "x: the name of a rule file ends in .lua",
      one:ask { "trust", path = own .. "x" }.error)
    assert.matches("no such file", one:ask { "trust", path = path .. "/none.lua" }.error:lower())
    assert.same({}, one:finish())
    assert.equal(own, one:ask { "trust", path = own, content = 'tag.ship "Zork"\n' }.path)
    local events = one:finish()
    assert.equal("rules 0, changed 0, done 0", words(events))
    assert.same({ new = 1, gone = 0, changed = 0 }, events[1].sum)
    assert.same({ 1, 5, 1, 9, "ship", 1, 15, 1, 19, "city" }, one:ask { "faces", text = "t" }.spans)
    assert.is_nil(one:ask { "rules", text = "t" }.untrusted)
    -- Broken: the old ones go on, and it is said once.
    write("t.postil.lua", "tag.ship {")
    trusted[own] = "tag.ship {"
    assert.is_true(one:ask { "reload", path = own }.ok)
    events = one:finish()
    assert.equal("rules 0", words(events))
    assert.is_string(events[1].message)
    assert.same({ own, 1, "error" },
      { events[1].errors[1].file, events[1].errors[1].line, events[1].errors[1].severity })
    assert.equal(10, #one:ask { "faces", text = "t" }.spans)
    -- Gone.
    write("t.postil.lua", nil)
    assert.is_true(one:ask { "reload" }.ok)
    assert.equal("rules 0, changed 0, done 0", words(one:finish()))
    assert.same({ 1, 15, 1, 19, "city" }, one:ask { "faces", text = "t" }.spans)
    -- There, but wrong from the beginning.
    write("t.postil.lua", "tag.ship {")
    said = one:open("The Zork left Oslo.", { path = path .. "/t", date = "2024-01-01" })
    assert.same({ own, true }, { said.path, said.broken ~= nil })
  end)

  it("beside a text get terms and pins", function()
    local path = folder(finally, {})
    local one, own = client "char", path .. "/t.postil.lua"
    local text = "“The Vega” left. Nobody saw the Vega again.\n"
    assert.is_true(one:open(text, { path = path .. "/t" }).ok)
    one:finish()
    local said = one:ask { "term", text = "t", label = "ship", words = "Vega" }
    assert.same({ own, 3, 'tag.ship { terms = { "Vega" } }' },
      { said.path, said.line, said.statement })
    assert.equal("rules 0, changed 0, done 0", words(one:finish()))
    said = one:ask { "pin", text = "t", label = "ghost", span = { 1, 33, 1, 37 } }
    assert.equal(4, said.line)
    one:finish()
    assert.equal(slurp(own), trusted[own])
    local spans = one:ask { "faces", text = "t", labels = { "ship", "ghost" } }.spans
    assert.same({ 1, 6, 1, 10, "ship", 1, 33, 1, 37, "ghost" }, spans)
    -- What cannot be.
    local before = slurp(own)
    assert.matches("is no label", one:ask { "term", text = "t", label = "Ship", words = "x" }.error)
    assert.matches("stands there already",
      one:ask { "term", text = "t", label = "ship", words = "Vega" }.error)
    trusted[own] = nil
    assert.matches("not trusted", one:ask { "term", text = "t", label = "x", words = "y" }.error)
    assert.equal(before, slurp(own))
    one:open("a")
    assert.equal("this text has no file beside which rules could be",
      one:ask { "term", text = "t", label = "x", words = "y" }.error)
    one:open("a", { path = path .. "/u", rules = "news" })
    assert.equal("this text has rules that were named, none beside it",
      one:ask { "pin", text = "t", label = "x", span = { 1, 1, 1, 2 } }.error)
    one:open("a", { path = path .. "/no/such/folder/t" })
    assert.is_string(one:ask { "term", text = "t", label = "x", words = "y" }.error)
  end)

  it("of a file are loaded anew, for all texts that use it", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"\n' })
    local one, rules = client(), path .. "/a.lua"
    one:open("one two", { rules = rules })
    one:ask { "open", text = "u", content = "two", rules = { rules } }
    one:ask { "open", text = "v", content = "two" }
    one:finish()
    write("a.lua", 'tag.y "two"\n')
    assert.is_true(one:ask { "reload", path = rules }.ok)
    local seen = {}
    for _, event in ipairs(one:finish()) do
      seen[event.text .. " " .. event.event] = event.sum or true
    end
    assert.same({ ["t rules"] = { new = 1, gone = 1, changed = 0 },
      ["u rules"] = { new = 1, gone = 0, changed = 0 }, ["t changed"] = true, ["u changed"] = true,
      ["t done"] = true, ["u done"] = true }, seen)
    assert.same({ 1, 5, 1, 8, "y" }, one:ask { "faces", text = "t" }.spans)
    -- A test that fails is a warning.
    write("a.lua", 'tag.y { "two", yes = "three" }\n')
    one:ask { "reload", path = rules }
    local events = one:finish()
    assert.equal("rules", events[1].event)
    assert.equal("warning", events[1].errors[1].severity)
  end)

  it("of a long text take over when all is tagged by them", function()
    local path, write = folder(finally, { ["a.lua"] = 'tag.x "one"\n' })
    local one = opened(("one two\n\n"):rep(20000), { rules = path .. "/a.lua" })
    write("a.lua", 'tag.x "one" tag.y "two"\n')
    one:ask { "reload" }
    assert.equal("", one.session:events())
    assert.same({ 1, 1, 1, 4, "x" }, one:ask { "faces", text = "t", span = { 1, 1, 2, 1 } }.spans)
    local events = one:finish()
    assert.equal("rules 0, changed 0, done 0", words(events))
    assert.same({ new = 20000, gone = 0, changed = 0 }, events[1].sum)
  end)
end)

describe("postil serve inside of an editor", function()
  -- Turns to the end: what is said.
  local function turns()
    local said, now = "", 0
    repeat
      local lines, more = inside.turn(now)
      said, now = said .. lines, now + 1
    until not more
    return said
  end
  before_each(inside.start)

  it("answers in turns, in order, and tells what is tagged", function()
    inside.ask '{"id":1,"do":"open","text":"t","content":"Mr. Bo Lund left.\\n"}'
    inside.ask '{"id":2,"do":"wait","text":"t"}'
    inside.ask '{"id":3,"do":"faces","text":"t"}'
    assert.equal([=[
{"id":1,"ok":true}
{"event":"changed","text":"t","version":0,"spans":[[1,1,2,1]]}
{"event":"done","text":"t","version":0}
{"id":2,"ok":true,"version":0,"done":true}
{"id":3,"ok":true,"version":0,"done":true,"spans":[1,5,1,12,"person"]}
]=], turns())
    assert.equal("", turns())
  end)

  it("works a little in a turn, and takes what is asked between", function()
    inside.ask(('{"id":1,"do":"open","text":"t","content":"%s"}'):format(
      ("Mr. Bo Lund left.\\n\\n"):rep(5000)))
    assert.equal('{"id":1,"ok":true}\n', (inside.turn(0)))
    inside.ask '{"id":2,"do":"rules","text":"t"}'
    local said, more = inside.turn(0)
    assert.truthy(said:find('{"id":2,"ok":true', 1, true))
    assert.is_true(more)
    assert.is_nil(said:find('"done"', 1, true))
    assert.truthy(turns():find('"event":"done"', 1, true))
  end)

  it("knows nothing of an earlier start", function()
    inside.ask '{"id":1,"do":"open","text":"t","content":"x"}'
    turns()
    inside.start()
    inside.ask '{"id":2,"do":"faces","text":"t"}'
    assert.equal('{"id":2,"error":"no text \\"t\\" is open"}\n', turns())
  end)
end)

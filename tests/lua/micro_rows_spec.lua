-- How micro keeps the rows of its gutter: after any edits, told of early or late, they are those that
-- the whole text would be asked for, as far as they go.

local Session = require "postil.serve.session"
local edits = require "edits"
local encode = require "served".encode
local json_read = require "postil.json_read"

local STORIES = tonumber(os.getenv "STORIES") or 6

-- micro reads its files with `import`, in an environment of their own.
local function load_rows()
  local path = "plugin/micro/rows.lua"
  local env = setmetatable({ import = true }, { __index = _G })
  if setfenv then
    setfenv(assert(loadfile(path)), env)()
  else
    assert(loadfile(path, "t", env))()
  end
  return env.rows
end

local rows = load_rows()

-- An editor of lines, its process, and rows that are kept of it.
local Editor = {}
Editor.__index = Editor

local function split(text)
  local list = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do list[#list + 1] = line .. "\n" end
  return list
end

function Editor:ask(request)
  return assert(json_read.value(self.session:take(encode(request))))
end

local function editor(text, most)
  local self = setmetatable({ lines = split(text), version = 0, now = 0, most = most,
    kept = rows.new(most) }, Editor)
  self.session = Session.new { clock = function() return self.now end }
  assert(self:ask { ["do"] = "open", text = "t", content = table.concat(self.lines),
    rules = "news" }.ok)
  return self
end

-- Lines first to last become others; the process hears of it.
function Editor:edit(first, last, new)
  local list = {}
  for i = 1, first - 1 do list[i] = self.lines[i] end
  for _, line in ipairs(new) do list[#list + 1] = line end
  for i = last + 1, #self.lines do list[#list + 1] = self.lines[i] end
  self.lines, self.version = list, self.version + 1
  rows.edited(self.kept, { version = self.version, first = first, behind = last + 1,
    now_behind = first + #new })
  assert(self:ask { ["do"] = "lines", text = "t", first = first, last = last,
    content = table.concat(new), version = self.version }.ok)
end

function Editor:read(events)
  for line in events:gmatch "[^\n]+" do
    local event = assert(json_read.value(line))
    if event.event == "changed" then
      rows.changed(self.kept, event.spans, event.version, #self.lines)
    end
  end
end

function Editor:check(span)
  local all = self:ask { ["do"] = "check", text = "t", span = span }.rows
  local some = {}
  for i = 1, math.min(self.most, #all) do some[i] = all[i] end
  return some, #all
end

-- What is told late is of an older text.
function Editor:work(is_late)
  local late = {}
  repeat
    local busy = self.session:busy()
    if busy then self.session:step() end
    self.now = self.now + 1
    late[#late + 1] = self.session:events()
  until not busy or is_late and #late > 1
  return table.concat(late)
end

function Editor:refresh()
  local due = rows.due(self.kept)
  if not due then return end
  local span = due ~= rows.ALL and { due.first, 1, math.min(due.last, #self.lines) + 1, 1 } or nil
  local new, total = self:check(span)
  assert.is_not_nil(rows.take(self.kept, due, new, total, #self.lines))
  self:refresh()
end

local function random_edit(one, story)
  local first = story:number(#one.lines)
  local last = math.min(#one.lines - 1, first + story:number(4) - 2)
  local new = {}
  for i = 1, story:number(4) - 1 do
    new[i] = story:chance(30) and "\n"
      or story:one { "“No,” ", "”", "'So ", "" } .. story:sentence():gsub("\n", " ") .. "\n"
  end
  one:edit(first, last, new)
end

local function follow(seed, paragraphs, most)
  local story = edits.new(seed)
  local one = editor(story:text(paragraphs):gsub("%z", ""), most)
  one:read(one:work())
  one:refresh()
  for _ = 1, 40 do
    local events = ""
    for _ = 1, story:number(3) do
      random_edit(one, story)
      if story:chance(30) then events = events .. one:work(true) end
    end
    one:read(events)
    one:read(one:work())
    one:refresh()
    local all = one:ask { ["do"] = "check", text = "t" }.rows
    local kept = one.kept.list
    if not one.kept.more then assert.equal(#all, #kept) end
    assert.is_true(#kept >= math.min(#all, most / 2))
    for i, row in ipairs(kept) do assert.same(all[i], row) end
  end
end

describe("the rows of micro", function()
  it("are those of the text", function()
    for seed = 1, STORIES do follow(seed, 30, 1000) end
  end)

  it("are the first of a text that has more", function()
    for seed = 101, 100 + STORIES do follow(seed, 30, 8) end
  end)

  it("move with lines that come and go", function()
    local kept = rows.new(9)
    rows.take(kept, rows.due(kept), { { span = { 5, 2, 6, 1 }, words = "x" } }, 1, 9)
    assert.is_false(rows.edited(kept, { version = 1, first = 2, behind = 3, now_behind = 3 }))
    assert.is_true(rows.edited(kept, { version = 2, first = 2, behind = 3, now_behind = 5 }))
    assert.same({ 7, 2, 8, 1 }, kept.list[1].span)
    assert.is_false(rows.edited(kept, { version = 3, first = 9, behind = 9, now_behind = 20 }))
  end)

  it("are asked about where something changed, as it lies now", function()
    local kept = rows.new(9)
    rows.take(kept, rows.due(kept), {}, 0, 99)
    assert.is_nil(rows.due(kept))
    rows.edited(kept, { version = 1, first = 40, behind = 41, now_behind = 41 })
    rows.changed(kept, { { 38, 1, 42, 1 } }, 1, 99)
    assert.same({ first = 38, last = 41 }, rows.due(kept))
    rows.edited(kept, { version = 2, first = 10, behind = 12, now_behind = 10 })
    rows.changed(kept, { { 50, 1, 50, 3 } }, 1, 97)
    assert.same({ first = 10, last = 48 }, rows.due(kept))
    local due = rows.due(kept)
    rows.changed(kept, { { 97, 1, 97, 2 } }, 2, 97)
    assert.is_nil(rows.take(kept, due, {}, 0, 97))
    assert.same({ first = 10, last = 97 }, rows.due(kept))
  end)
end)

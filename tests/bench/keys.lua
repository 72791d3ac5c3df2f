-- keys.lua - what keystrokes cost in texts that are open with the pack `news`.
--
--   lua5.4 keys.lua KEYS FILE...
--
-- Types or takes away one character, KEYS times in each text: 75 % of them anywhere, 20 % inside
-- names, 5 % on quotation marks; every second one takes back the one before, so that the text stays
-- what it is.  Each is followed by all the work that it makes due.  The texts take turns, so that a
-- busy machine, and caches that hold what was used last, are the same to all of them.
--
-- Prints milliseconds of computing of each text: median, 99th percentile, the slowest, and the
-- median as a multiple of the first text's; then its ten slowest: where, what was typed, and over
-- how many stretches and bytes tags are others.

local postil = require "postil"

local SLOWEST = 10
local LETTERS = "etaoinshrdlu ,."

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

-- ---- Keystrokes ---------------------------------------------------------------------------------

local Story = {}
Story.__index = Story

-- A small generator of its own: the same numbers on every machine.
function Story:random(n)
  self.state = (self.state * 1103515245 + 12345) % 2147483648
  return (self.state >> 8) * n // 8388608 + 1
end

-- Where a pattern stands at or behind a place.
function Story:near(pattern, at)
  local first, last = self.text:find(pattern, at)
  if not first then first, last = self.text:find(pattern) end
  return first, last
end

function Story:mark(at)
  local first = self:near('["\226]', at)
  if not first then return nil end
  return first, self.text:byte(first) == 226 and first + 2 or first, "", "a mark goes"
end

function Story:name(at)
  local first, last = self:near("%u%l+ %u%l+", at)
  if not first then return nil end
  local inside = first + self:random(last - first)
  if self:random(2) == 1 then return inside, inside - 1, "x", "into a name" end
  return inside, inside, "", "out of a name"
end

function Story:letter(at)
  while self.text:byte(at) >= 0x80 and self.text:byte(at) < 0xC0 do at = at - 1 end
  if self:random(3) == 1 and self.text:byte(at) < 0x80 then return at, at, "", "goes" end
  local n = self:random(#LETTERS)
  return at, at - 1, LETTERS:sub(n, n), "comes"
end

-- One keystroke: first, last, new text, and what it is.
function Story:keystroke()
  local at, kind = self:random(#self.text), self:random(20)
  local first, last, new, what
  if kind == 1 then first, last, new, what = self:mark(at) end
  if kind > 1 and kind <= 5 then first, last, new, what = self:name(at) end
  if first then return first, last, new, what end
  return self:letter(at)
end

function Story:edit(first, last, new, what)
  local from = os.clock()
  local changes, done = self.doc:edit(first, last, new)
  local cost = (os.clock() - from) * 1000
  assert(changes and done == true, done)
  local bytes = 0
  for _, change in ipairs(changes) do bytes = bytes + change.last - change.first + 1 end
  table.insert(self.costs, { cost = cost, at = first, what = what, new = new,
    changes = #changes, bytes = bytes })
end

-- ---- What is printed ----------------------------------------------------------------------------

function Story:at(part) return self.costs[math.max(1, math.ceil(#self.costs * part))].cost end

function Story:report(first)
  table.sort(self.costs, function(a, b) return a.cost < b.cost end)
  print(("%6.1f MB, %d keystrokes: median %.2f ms (%.2f times), 90 %% %.2f, 99 %% %.2f, " ..
    "slowest %.2f"):format(#self.text / 1e6, #self.costs, self:at(0.5),
    self:at(0.5) / first:at(0.5), self:at(0.9), self:at(0.99), self:at(1)))
  for i = #self.costs, math.max(1, #self.costs - SLOWEST + 1), -1 do
    local one = self.costs[i]
    print(("    %8.2f ms  byte %9d  %-4s %-26s %d changed, %d bytes"):format(one.cost, one.at,
      ("%q"):format(one.new), one.what, one.changes, one.bytes))
  end
end

local set = assert(postil.load "news")
local stories = {}
for i = 2, #arg do
  local text = read(arg[i])
  local began = os.clock()
  stories[#stories + 1] = setmetatable({ text = text, state = 4711, costs = {},
    doc = assert(set:tag(text, { edits = true })) }, Story)
  print(("%6.1f MB opened in %.2f s"):format(#text / 1e6, os.clock() - began))
end

for _ = 1, tonumber(arg[1]) // 2 do
  for _, story in ipairs(stories) do
    local first, last, new, what = story:keystroke()
    local old = story.text:sub(first, last)
    story:edit(first, last, new, what)
    story:edit(first, first + #new - 1, old, what .. ", taken back")
  end
end
for _, story in ipairs(stories) do story:report(stories[1]) end

-- keys.lua - what keystrokes cost in a text that is open with the pack `news`.
--
--   lua5.4 keys.lua FILE [KEYS [SLOWEST]]
--
-- Types or takes away one character, KEYS times: 75 % of them anywhere, 20 % inside names, 5 % on
-- quotation marks; every second one takes back the one before, so that the text stays what it is.
-- Each is followed by all the work that it makes due.  Prints milliseconds of computing: median,
-- 99th percentile, the slowest; and the slowest ones with what they did.

local postil = require "postil"

local path, keys, slowest = arg[1], tonumber(arg[2] or 2000), tonumber(arg[3] or 10)
local file = assert(io.open(path, "rb"))
local text = file:read "a"
file:close()

-- A small generator of its own: the same numbers on every machine.
local state = 4711
local function random(n)
  state = (state * 1103515245 + 12345) % 2147483648
  return (state >> 8) * n // 8388608 + 1
end

-- Where a pattern stands at or behind a place.
local function near(pattern, at)
  local first, last = text:find(pattern, at)
  if not first then first, last = text:find(pattern) end
  return first, last
end

-- One keystroke: first, last, new text, and what it is.
local function keystroke()
  local at, kind = random(#text), random(20)
  if kind == 1 then
    local first, last = near('["\226]', at)
    if first then return first, text:byte(first) == 226 and last + 2 or last, "", "mark goes" end
  elseif kind <= 5 then
    local first, last = near("%u%l+ %u%l+", at)
    if first then
      local inside = first + random(last - first)
      if random(2) == 1 then return inside, inside - 1, "x", "into a name" end
      return inside, inside, "", "out of a name"
    end
  end
  while text:byte(at) >= 0x80 and text:byte(at) < 0xC0 do at = at - 1 end
  if random(3) == 1 and text:byte(at) < 0x80 then return at, at, "", "goes" end
  local letters = "etaoinshrdlu ,."
  local n = random(#letters)
  return at, at - 1, letters:sub(n, n), "comes"
end

local set = assert(postil.load "news")
local began = os.clock()
local doc = assert(set:tag(text, { edits = true }))
print(("%-24s %8.1f MB, opened in %.2f s"):format(path:match "[^/]*$", #text / 1e6,
  os.clock() - began))

local costs = {}
local function edit(first, last, new, what)
  local from = os.clock()
  local changes, done = doc:edit(first, last, new)
  local cost = (os.clock() - from) * 1000
  assert(changes and done == true, done)
  local bytes = 0
  for _, change in ipairs(changes) do bytes = bytes + change.last - change.first + 1 end
  costs[#costs + 1] = { cost = cost, at = first, what = what, new = new, changes = #changes,
    bytes = bytes }
end

for _ = 1, keys // 2 do
  local first, last, new, what = keystroke()
  local old = text:sub(first, last)
  edit(first, last, new, what)
  edit(first, first + #new - 1, old, what .. ", taken back")
end

table.sort(costs, function(a, b) return a.cost < b.cost end)
local function at(part) return costs[math.max(1, math.ceil(#costs * part))].cost end
print(("%-24s median %.2f ms, 90 %% %.2f, 99 %% %.2f, slowest %.2f"):format("  " .. #costs ..
  " keystrokes", at(0.5), at(0.9), at(0.99), at(1)))
for i = #costs, math.max(1, #costs - slowest + 1), -1 do
  local one = costs[i]
  print(("    %8.2f ms  byte %9d  %-24s %-4s  %d changed, %d bytes"):format(one.cost, one.at,
    one.what, ("%q"):format(one.new), one.changes, one.bytes))
end

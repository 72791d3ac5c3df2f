-- The string functions of rule files against the host's own, with random patterns; and their bound.

local postil = require "postil"

-- A small generator of its own, the same numbers on every Lua.
local function random(seed)
  local state = seed
  return function(n)
    state = (state * 1103515245 % 2147483648 + 12345) % 2147483648
    return math.floor(state / 65536) % n + 1
  end
end

local ITEMS = { "a", "b", ".", "%a", "%d", "%s", "%W", "%l", "%u", "%p", "%x", "%c", "[ab]", "[^a]",
  "[a-c1]", "[%d_]",
  "[]a]", "[^]b]", "%.", "%%", "(", ")", "()", "%b()", "%f[%a]", "%f[^%w]", "%1", "^", "$", "-",
    "[a-]", "[%a-z]" }
local QUANTIFIERS = { "", "", "", "", "*", "+", "-", "?" }
local CHARACTERS = { "a", "b", "c", "A", "1", "_", " ", "(", ")", ".", "]", "-", "%", "\n", "é",
  "\0" }

local function pick(next, list, n)
  local out = {}
  for i = 1, n do out[i] = list[next(#list)] end
  return table.concat(out)
end

local function pattern(next)
  local out = { next(6) == 1 and "^" or "" }
  for i = 2, 1 + next(5) do out[i] = ITEMS[next(#ITEMS)] .. QUANTIFIERS[next(#QUANTIFIERS)] end
  return table.concat(out) .. (next(6) == 1 and "$" or "")
end

-- The values of a call as one line; the words of an error do not count.
local SHOW = [[
local function show(ok, ...)
  if not ok then return "error" end
  local out = {}
  for i = 1, select("#", ...) do
    local value = tostring((select(i, ...)))
    out[i] = value:gsub("[^%w%p]", function(c) return ("{%d}"):format(c:byte()) end)
  end
  return table.concat(out, ",")
end
local function all(text, pattern)
  local out = {}
  for a, b in string.gmatch(text, pattern) do out[#out + 1] = tostring(a) .. "/" .. tostring(b) end
  return table.concat(out, ",")
end
return function(text, pattern, init, plain, with_gsub)
  local lines = { show(pcall(string.find, text, pattern, init, plain)),
    show(pcall(string.match, text, pattern, init)) }
  if with_gsub then
    lines[3] = show(pcall(string.gsub, text, pattern, "<%0>", init > 0 and init or nil))
    lines[4] = show(pcall(string.gsub, text, pattern, { a = "A", b = false, ["1"] = 2 }))
    lines[5] = show(pcall(string.gsub, text, pattern,
      function(a, b) return b and a .. b or nil end))
    lines[6] = show(pcall(all, text, pattern))
  end
  return table.concat(lines, "|")
end]]

describe("string functions", function()
  it("agree with the host's", function()
    local host = assert((loadstring or load)(SHOW))()
    -- The others differ among themselves about empty matches.
    local with_gsub = _VERSION == "Lua 5.4"
    for seed = 1, 40 do
      local next = random(seed)
      local cases, calls = {}, {}
      for i = 1, 60 do
        local text, p = pick(next, CHARACTERS, next(12) - 1), pattern(next)
        local init, plain = next(8) - 4, next(10) == 1
        -- 5.1 ends a pattern at a zero and looks at the end when told to begin behind it.
        if with_gsub or not (text .. p):find "%z" and init <= #text + 1 then
          cases[#cases + 1] = { text, p, init, plain }
          calls[#calls + 1] = ("case(%q, %q, %d, %s, %s)"):format(text, p, init, tostring(plain),
            tostring(with_gsub))
        end
        assert.is_true(i > 0)
      end
      local source = "local case = (function() " .. SHOW .. " end)()\nlocal out = table.concat({" ..
        table.concat(calls, ",\n") .. "}, '\\1')\ntag.x { 'one', is = function() return out end }"
      local set = assert(postil.load(source))
      local i = 0
      for line in (set:tag("one"):tags()[1].name .. "\1"):gmatch "(.-)\1" do
        i = i + 1
        local case = cases[i]
        assert.equal(host(case[1], case[2], case[3], case[4], with_gsub), line,
          ("text %q, pattern %q, init %d"):format(case[1], case[2], case[3]))
      end
      assert.equal(#cases, i)
    end
  end)

  it("are bounded", function()
    local function message(source) return (select(2, postil.load("-- rules\n" .. source))) end
    assert.equal("rules:2: too much work", message "string.find(('a'):rep(3000), '.-.-.-.-b')")
    assert.equal("rules:2: too much work", message "string.match(('a'):rep(100000), 'a*a*a*b')")
    assert.equal("rules:2: too much work",
      message "local s = ('a'):rep(1000000) while true do s:find('b', 1, true) end")
    assert.matches("pattern too complex",
      message "string.find(('a'):rep(300), ('a?'):rep(300) .. ('a'):rep(300))")
    assert.matches("malformed pattern", message "string.find('a', '[a')")
    assert.matches("malformed pattern", message "string.find('a', '%')")
  end)

  it("do not ask the locale", function()
    local set = assert(postil.load "tag.x { 'one', is = ('\\195\\169'):match '%a+' or 'none' }")
    assert.equal("none", set:tag("one"):tags()[1].name)
  end)

  it("end an iteration once", function()
    local set = assert(postil.load [[
local step = ("a b"):gmatch "%a"
step() step()
tag.x { 'one', is = tostring(step()) .. tostring(step()) }]])
    assert.equal("nilnil", set:tag("one"):tags()[1].name)
  end)
end)

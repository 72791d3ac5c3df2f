-- p.iso and the numbers of p, written in C, against slow twins: the same answers in every Lua.

local postil = require "postil"
local twin = require "convert_twin"
local unpack = unpack or table.unpack

-- A small generator of its own, the same numbers on every Lua.
local function random(seed)
  local state = seed
  return function(n)
    state = (state * 1103515245 % 2147483648 + 12345) % 2147483648
    return math.floor(state / 65536) % n + 1
  end
end

local function show(ok, value)
  if not ok then return "error" end
  return type(value) == "number" and ("%.17g"):format(value) or tostring(value)
end

local function literal(value)
  if type(value) == "number" then return ("%.17g"):format(value) end
  if type(value) == "table" then
    local fields = {}
    for key, field in pairs(value) do fields[#fields + 1] = key .. " = " .. literal(field) end
    return "{ " .. table.concat(fields, ", ") .. " }"
  end
  if type(value) ~= "string" then return tostring(value) end
  return '"' .. value:gsub("[^%w ]", function(c) return ("\\%03d"):format(c:byte()) end) .. '"'
end

-- What a function of p answers to a list of arguments, in the state of the rule files.
local function answers(name, list)
  local source = { [[
local out = {}
local function show(ok, value)
  if not ok then return "error" end
  return type(value) == "number" and ("%.17g"):format(value) or tostring(value)
end
local function try(m) out[#out + 1] = show(pcall(p.]] .. name .. [[, m)) end]] }
  for i, value in ipairs(list) do source[i + 1] = "try(" .. literal(value) .. ")" end
  source[#source + 1] =
    "tag.x { 'one', set = { out = function() return table.concat(out, '\\n') end } }"
  local set = assert(postil.load(table.concat(source, "\n")))
  local found = {}
  for line in (set:tag("one"):tags()[1].out .. "\n"):gmatch "(.-)\n" do found[#found + 1] = line end
  return found
end

local BATCH = 250
local NAMES = { "date", "iso", "time", "number", "comma_number", "amount", "money", "currency",
  "quantity", "unit", "si", "si_unit", "upper" }

local function compare(name, rounds, make, other)
  local next, told = random(rounds), 0
  for _ = 1, rounds do
    local list = {}
    for i = 1, BATCH do list[i] = make(next) end
    local found = answers(name, list)
    assert.equal(BATCH, #found)
    for i = 1, BATCH do
      local want = show(pcall(twin[other or name], list[i]))
      if found[i] ~= want then
        assert.equal(want, found[i], "p." .. name .. "(" .. literal(list[i]) .. ")")
      end
      if want ~= "nil" and want ~= "error" then told = told + 1 end
    end
  end
  assert.is_true(told > rounds * BATCH / 8, "only " .. told .. " of them say something")
end

local function one_of(list)
  return function(next) return list[next(#list)] end
end

-- A name, or its beginning, in any case.
local function name_of(list)
  return function(next)
    local name = list[next(#list)]
    if next(3) == 1 then name = name:sub(1, next(#name)) end
    if next(4) == 1 then name = name:upper() end
    if next(9) == 1 then name = name .. one_of { "y", "..", "\0", " " } (next) end
    return next(4) == 1 and name .. "." or name
  end
end

local function digits(most)
  return function(next)
    local out = {}
    for i = 1, next(most) do out[i] = next(10) - 1 end
    return table.concat(out)
  end
end

-- One of the makers, or now and then a value that is odd.
local function some_of(...)
  local makers, odd = { ... }, one_of { "", " ", "x", ".", "-", "\0", true, false, 5, 1.5, 0, -3 }
  return function(next)
    if next(24) == 1 then return odd(next) end
    return makers[next(#makers)](next)
  end
end

local function a_day(next)
  return ("%d%s"):format(next(34) - 1, one_of { "", "", "st", "th", " " } (next))
end
local function a_date(next)
  local year = one_of { 2024, 2023, 2000, 1900, 1600, 1, 0, 9999 } (next)
  local tail = one_of { "", "", "", "T10:00", "x" } (next)
  return ("%04d-%02d-%02d"):format(year, next(12), next(28)) .. tail
end
local function a_number_of_month(next)
  return one_of { "%d", "%02d", " %d ", "%d.0", "%d.", "+%d", "-%d", "%d.5", "%d x" } (next)
    :format(next(14) - 1)
end

local MONTH = some_of(name_of { "january", "February", "march", "April", "may", "June", "july",
  "August", "september", "October", "november", "December" }, a_number_of_month)
local YEAR = some_of(function(next) return tostring(1895 + next(130)) end, digits(3), digits(18),
  one_of { "2014-15", "1998/9", "0099", "2024th", " 2024", "999999999999999", "1000000000000000" })
local DAY = some_of(a_day, a_day, digits(3))
local DATE = some_of(a_date, a_date, one_of { "2024-99-99", "2024-00-00", "2024-3-14", "0000-01-02" })
local WEEKDAY = some_of(name_of { "monday", "Tuesday", "wednesday", "Thursday", "friday",
  "Saturday", "sunday" })
local TEXT = some_of(one_of { "Monday", "next Monday", "the NEXT one", "nex", "nnext", "next" })

local function captures_of_date(next)
  local m = {}
  if next(4) > 1 then m.month = MONTH(next) end
  if next(2) == 1 then m.year = YEAR(next) end
  if next(3) > 1 then m[next(2) == 1 and "day" or "day2"] = DAY(next) end
  if next(3) > 1 then m.date = DATE(next) end
  if next(2) == 1 then m.wd = WEEKDAY(next) end
  if next(8) > 1 then m.text = TEXT(next) end
  if m.month ~= nil and not m.year and next(8) > 1 then m.date = a_date(next) end
  return m
end

local SEPARATOR = one_of { ",", ",", ".", ".", "" }
local GROUP = { digits(1), digits(2), digits(3), function(next)
  return ("%03d"):format(next(1000) - 1)
end }

-- Figures that are grouped well or badly, and perhaps a scale word.
local function some_figures(next)
  local out = { next(12) == 1 and "." or "", next(9) == 1 and "0" or "", tostring(next(99)) }
  local separator, groups = SEPARATOR(next), next(5) - 1
  for _ = 1, groups do
    if next(9) == 1 then separator = SEPARATOR(next) end
    out[#out + 1] = separator .. GROUP[next(3) == 1 and next(3) or 4](next)
  end
  if next(3) == 1 then out[#out + 1] = one_of { ".", "," } (next) .. digits(6)(next) end
  if next(30) == 1 then out[#out + 1] = digits(400)(next) end
  return table.concat(out) .. one_of { "", "", " million", " thousand", " hundred", " birds", " ",
    " 5", " crore", " lakh", ".", ",", " Million" } (next)
end

local LONG = { "0." .. ("0"):rep(330) .. "1", ("1"):rep(800) .. ".5", ("9"):rep(400),
  "9007199254740993", "9007199254740992." .. ("9"):rep(30), "2.5" .. ("0"):rep(900) .. "1",
  "179769313486231580793" .. ("0"):rep(289), "0." .. ("0"):rep(323) .. "24703282292062327208" }

local PIECES = { some_figures, some_figures, digits(3), one_of(LONG),
  one_of { " ", " ", "\t", "\n", "\194\160", "\194", "-", "$", "\0", "e", "/", ":", "%", "\226\130" },
  one_of { "one", "Two", "TWELVE", "dozen", "hundred", "zero", "eleventh", "half", "a", "and", "third",
    "quarters", "twenty", "of", "minus", "between", "to" },
  one_of { "million", "Hundred", "bn", "m", "thousand", "k", "trillion", "lakh", "crore" },
  one_of { "May", "Monday", "last", "next", "week", "ago", "2024", "in", "the", "Q3", "p.m.", "'90s",
    "noon", "2024-03-14", "14/03/2024", "1990s", "yesterday", "19th century", "from", "GMT" },
  one_of { "km", "square", "miles", "per", "hour", "%", "cents", "US$", "€", "Canadian dollars", "p",
    "°C", "kilo", "kWh", "barrels a day", "m²", "½" } }

local function some_number(next)
  local out = {}
  for i = 1, next(30) == 1 and 60 or next(6) do out[i] = PIECES[next(#PIECES)](next) .. (next(3) == 1 and "" or " ") end
  return table.concat(out)
end
local MULT = some_of(one_of { "k", "thousand", "lakh", "Lakhs", "m", "mn", "mil", "mln", "MILLION",
  "crore", "crores", "b", "bn", "bil", "bln", "billion", "tn", "trillion", "hundred", "million ",
  "milliard", ("m"):rep(40) })

local function captures_of_number(next)
  local m = {}
  if next(3) > 1 then m.number = some_of(some_number)(next) end
  if next(3) == 1 then m.amount = some_of(some_number)(next) end
  if next(2) == 1 then m.mult = MULT(next) end
  if next(3) > 1 then m.text = some_number(next) end
  return m
end

describe("converters", function()
  it("say of captures of a date what the twin says", function()
    compare("iso", 40, captures_of_date)
  end)
  it("say of figures what the twin says", function()
    compare("number", 30, some_figures, "figures")
    local found = answers("number", LONG)
    for i, text in ipairs(LONG) do
      assert.equal(show(true, twin.figures(text)), found[i], text)
    end
  end)

  it("say of numbers in words which they are", function()
    local next, list, wanted = random(3), {}, {}
    local function add(n)
      local text = twin.spell(n, { conjunction = next(2) == 1, hyphen = next(3) > 1 and "-" or " " })
      if next(4) == 1 then text = text:gsub("^%l", string.upper) end
      if next(9) == 1 then text = text:upper() end
      list[#list + 1], wanted[#wanted + 1] = text, n
    end
    for n = 0, 999 do add(n) end
    for _ = 1, 999 do
      local size = next(9)
      add(((next(32768) - 1) * 32768 + next(32768) - 1) % 10 ^ size)
    end
    add(999999999)
    for from = 1, #list, 250 do
      local batch = { unpack(list, from, math.min(from + 249, #list)) }
      for i, found in ipairs(answers("number", batch)) do
        if tonumber(found) ~= wanted[from + i - 1] then
          assert.equal(wanted[from + i - 1], found, batch[i])
        end
      end
    end
  end)

  it("take whatever there is, and give a number, a text or nothing", function()
    local next = random(5)
    for _, name in ipairs(NAMES) do
      for _ = 1, 3 do
        local list = {}
        for i = 1, BATCH do
          list[i] = next(2) == 1 and some_number(next) or captures_of_number(next)
        end
        for _, found in ipairs(answers(name, list)) do
          assert.is_nil(found:find "inf" or found:find "nan", found)
        end
      end
    end
  end)

  it("answer the core as they answer a function of a rule", function()
    local set = assert(postil.load [[
tag._month { terms = { "May", "the month of May", "Feb." } }
tag._figure { "/[0-9.,]+/ <num>?" }
tag.when { "(next)? (wd:<cap>)? day:/[0-9]+(st|th)?/ month:<_month> year:/[0-9]+/?",
  set = { a = p.iso, b = p.date, c = function(m) return p.iso(m) end } }
tag.weekday { "way:(next|last) wd:<cap>", set = { a = p.iso, c = function(m) return p.iso(m) end } }
tag.sum { "cur:USD number:<_figure> mult:(million|crore|k)?",
  set = { a = p.amount, b = p.money, c = function(m) return p.amount(m) end, d = p.number,
  e = function(m) return p.number(m) end } }
tag.total { "total of /[a-z]+ [a-z]+/", set = { a = p.number, c = function(m) return p.number(m) end } }
]])
    local text, next = {}, random(7)
    local months = { "May", "the\n  month of\tMay", "Feb." }
    for i = 1, 2000 do
      local kind = next(4)
      if kind == 1 then
        text[i] = ("On %d %s %s, it fell."):format(next(32), months[next(3)],
          next(2) == 1 and 1990 + next(40) or "")
      elseif kind == 2 then
        text[i] = ("He came %s Friday."):format(next(2) == 1 and "next" or "last")
      elseif kind == 3 then
        text[i] = ("It took USD %d%s %s."):format(next(999), next(2) == 1 and "\n 200" or ".25",
          next(2) == 1 and "crore" or "now")
      else
        text[i] = "a total of two hundred"
      end
    end
    local doc = assert(set:tag(table.concat(text, "\n\n"), { date = "2024-03-14" }))
    local seen = {}
    for tag in doc:each() do
      seen[tag.label] = (seen[tag.label] or 0) + (tag.a and 1 or 0)
      assert.equal(tag.c, tag.a)
      assert.equal(tag.b or tag.a, tag.a)
      assert.equal(tag.e, tag.d)
    end
    for _, label in ipairs { "when", "weekday", "sum" } do
      assert.is_true((seen[label] or 0) > 100, label)
    end
  end)

  it("keep groups of digits together that a line parts", function()
    local set = assert(postil.load [[
tag._figure "<num> <num>"
tag.sum { "number:<_figure> mult:k", set = { a = p.amount, b = p.number } }]])
    local tag = assert(set:tag "see 1\n  200 k here"):tags()[1]
    assert.equal(1200000, tag.a)
    assert.is_nil(tag.b) -- "1 200" may be two numbers
  end)

  it("refuse what is no text, and say where", function()
    local function fails(source)
      local set, message = postil.load("-- rules\n" .. source)
      if not set then return message end
      return select(2, set:tag "one")
    end
    assert.equal("rules:2: m, a table or a text is wanted, not a nil", fails "p.iso()")
    assert.equal("rules:2: m, a table or a text is wanted, not a number", fails "p.number(5)")
    assert.equal("rules:2: 'text' is a nil, not a string or number", fails "p.amount {}")
    assert.equal("rules:2: 'month' is a table, not a string or number", fails "p.iso { month = {} }")
    assert.equal("rules:2: 'text' is a nil, not a string or number", fails "p.number {}")
    assert.matches("'month' is a boolean, not a string or number",
      fails "tag.x { 'one', set = { month = true, iso = p.iso } }")
  end)

  it("serve as keep, and take what an attribute says", function()
    local set = assert(postil.load [[
tag.x { "day:/[0-9]+/ month:<cap>", keep = p.iso }
tag.y { "two", set = { year = 2024, month = 2, day = 30, iso = p.iso } }
tag.y { "three", set = { year = 2024, month = 2.5, iso = p.iso } }
tag.y { "four", set = { year = 2024, month = 2, day = 29, iso = p.iso, amount = 2, mult = "m",
  n = p.number } }]])
    local doc = assert(set:tag("30 May, 31 June, two, three, four", { date = "2024-03-14" }))
    local tags = doc:tags()
    assert.equal("30 May", tags[1].text)
    assert.equal("y", tags[2].label)
    assert.is_nil(tags[2].iso)
    assert.is_nil(tags[3].iso)
    assert.equal("2024-02-29", tags[4].iso)
    assert.equal(2000000, tags[4].n)
  end)
end)

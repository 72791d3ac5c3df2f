-- What the converters of p say of words that people write, and what they say nothing of.

local postil = require "postil"
local twin = require "convert_twin"

local function quoted(text)
  return '"' .. text:gsub("[^%w ]", function(c) return ("\\%03d"):format(c:byte()) end) .. '"'
end

-- What p.NAME answers to each text, in the state of the rule files; a second argument is the date.
local function values(name, texts, date)
  local source = { "local out = {}\nlocal function put(v) out[#out + 1] = v == nil and '-' or " ..
    "type(v) == 'number' and ('%.14g'):format(v) or v end" }
  for _, text in ipairs(texts) do
    source[#source + 1] = ("put(p.%s(%s, %s))"):format(name, quoted(text), date and quoted(date) or
      "nil")
  end
  source[#source + 1] =
    "tag.x { 'one', set = { out = function() return table.concat(out, '\\n') end } }"
  local set = assert(postil.load(table.concat(source, "\n")))
  local found = {}
  for line in (set:tag("one"):tags()[1].out .. "\n"):gmatch "(.-)\n" do found[#found + 1] = line end
  return found
end

-- Lines "text = value", "-" for no value, in a long string.
local function check(name, cases, date)
  local texts, wanted = {}, {}
  for text, value in cases:gmatch "%s*([^\n]-) = ([^\n]+)" do
    texts[#texts + 1], wanted[#wanted + 1] = text, value
  end
  assert.is_true(#texts > 0)
  for i, found in ipairs(values(name, texts, date)) do
    assert.equal(wanted[i], found, "p." .. name .. "(" .. quoted(texts[i]) .. ")")
  end
end

describe("numbers", function()
  it("stand in figures, however they are grouped", function()
    check("number", [[
      0 = 0
      1200 = 1200
      1,200 = 1200
      1,200,300.25 = 1200300.25
      12,34,567 = 1234567
      1.200,5 = 1200.5
      1.200.300 = 1200300
      1’200 = 1200
      1'200'300 = 1200300
      .5 = 0.5
      12. = 12
      -5 = -5
      −12.5 = -12.5
      +7 = 7
      minus 3 = -3
      21st = 21
      3rd of May = 3
      2½ = 2.5
      ½ = 0.5
      2 1/2 = 2.5
      3/4 = 0.75
      1,2 = -
      12,3456 = -
      1234,567 = -
      0,500 = -
      1.2.3 = -
      1 200 = -
      1,200.5,3 = -
      4/3 = -
      1/2/3 = -
      five5 = -
      $5 = -
      x5 = -]])
    check("comma_number", [[
      1.200,5 = 1200.5
      1.200 = 1200
      3,5 = 3.5
      3,5 million = 3500000
      1’200,75 = 1200.75
      1,200.5 = 1200.5
      1.5 = -
      zwei = -]])
    assert.same({ "1200", "1200300" }, values("number", { "1\194\160200",
      "1\226\128\175200\226\128\137300" })) -- blanks that break no line
    assert.same({ "-" }, values("number", { ("9"):rep(400) })) -- more than a number holds
  end)

  it("stand in words", function()
    check("number", [[
      zero = 0
      Twenty-one = 21
      twenty one = 21
      TWO HUNDRED = 200
      two hundred and five thousand = 205000
      one hundred one thousand = 101000
      nine hundred and ninety-nine million, it said = 999000000
      twelve hundred = 1200
      one thousand million = 1000000000
      two lakh crore = 2000000000000
      a hundred = 100
      a dozen = 12
      two dozen birds = 24
      half a dozen = 6
      half a million = 500000
      half million = 500000
      a million = 1000000
      two million and a half = 2500000
      one and a half = 1.5
      one and a half million = 1500000
      two and three quarters = 2.75
      two hundred and a half = 200.5
      minus three = -3
      five birds = 5
      five and six = 5
      one of them = 1
      two second delays = 2
      two three = -
      twenty twenty-four = -
      nineteen ninety = -
      one hundred two hundred = -
      thousand = -
      millions of birds = -
      a = -
      a few = -
      several hundred = -
      and = -
      no = -
      twentyone = -]])
  end)

  it("may be scaled, ordinals, parts, or the first of two", function()
    check("number", [[
      3.5 million = 3500000
      1.1 million = 1100000
      2.3 billion = 2300000000
      2½ million = 2500000
      3 hundred thousand = 300000
      3.5bn = 3500000000
      3.5 bn = 3500000000
      200k = 200000
      5m = 5000000
      5 m = 5
      5 miles = 5
      first = 1
      twenty-first = 21
      two hundred and fifth = 205
      two hundredth = 200
      two-thirds = 0.66666666666667
      a third = 0.33333333333333
      one third = 0.33333333333333
      third = 3
      three quarters = 0.75
      three quarters of a million = 750000
      a quarter of a million = 250000
      half = 0.5
      a half = 0.5
      twenty-three hundredths = 0.23
      two third = 2
      3-5 = 3
      3-5 million = 3000000
      from two to three million = 2000000
      between 5 and 6 = 5]])
    check("upper", [[
      3-5 million = 5000000
      $3 to $5 million = 5000000
      €3bn–€5bn = 5000000000
      US$3-US$5 = 5
      three to five = 5
      five or six = 6
      between 5 and 6 km = 6
      5 and 6 = -
      50-60 cents = 0.6
      12-15m = 15
      5-3 = -
      5 = -
      no = -]])
  end)
end)

describe("money", function()
  it("is an amount of whole currency", function()
    check("money", [[
      $3.5bn = 3500000000
      US$1.2m = 1200000
      about €1,200 = 1200
      Rs 40 crore = 400000000
      1 200 euros = 1200
      half a million dollars = 500000
      $3-5 million = 3000000
      50 cents = 0.5
      50p = 0.5
      nine pence = 0.09
      a few million dollars = -
      dollars = -]])
    check("amount", [[
      $3.5bn = 3500000000
      50 cents = 50
      nothing = -]])
  end)

  it("has a currency, where it is plain which", function()
    check("currency", [[
      $5 = USD
      US$5 = USD
      U.S.$5 = USD
      5 U.S. dollars = USD
      A$5 = AUD
      C$5 = CAD
      HK$5m = HKD
      NZ$5 = NZD
      5 Canadian dollars = CAD
      5 Hong Kong dollars = HKD
      €5 = EUR
      £5 = GBP
      50p = GBP
      ¥500 = JPY
      500 yuan = CNY
      RMB 500 = CNY
      ₹500 = INR
      ₽500 = RUB
      ₩500 = KRW
      500 South Korean won = KRW
      500 North Korean won = KPW
      500 Indian rupees = INR
      500 Pakistani rupees = PKR
      500 rupees = -
      500 dinars = -
      500 CFA francs = -
      CHF 500 = CHF
      500 SEK = SEK
      X$5 = -
      5 km = -
      five = -]])
  end)
end)

describe("quantities", function()
  it("have a number and a unit", function()
    local texts = [[
      5 km = 5 km 5000 m
      5 m = 5 m 5 m
      10 kilometres = 10 km 10000 m
      a 12-mile road = 12 mi 19312.128 m
      6 feet 2 inches = 6.1666666666667 ft 1.8796 m
      two hours and 30 minutes = 2.5 h 9000 s
      3 square miles = 3 mi2 7769964.331008 m2
      3 km² = 3 km2 3000000 m2
      3km2 = 3 km2 3000000 m2
      200 sq. ft = 200 ft2 18.580608 m2
      5 hectares = 5 ha 50000 m2
      five acres = 5 ac 20234.282112 m2
      60 km/h = 60 km/h 16.666666666667 m/s
      60 kph = 60 km/h 16.666666666667 m/s
      60 kilometres an hour = 60 km/h 16.666666666667 m/s
      10 miles per hour = 10 mi/h 4.4704 m/s
      100,000 barrels a day = 100000 bbl/d 0.18401307283333 m3/s
      3.5 million tonnes = 3500000 t 3500000000 kg
      a dozen kilos = 12 kg 12 kg
      3 lb 8 oz = 3.5 lb 1.587573295 kg
      20 °C = 20 °C 293.15 K
      -40 degrees Celsius = -40 °C 233.15 K
      68 degrees Fahrenheit = 68 °F 293.15 K
      5 kilowatt-hours = 5 kWh 18000000 J
      5 MW = 5 MW 5000000 W
      5 mW = 5 mW 0.005 W
      20 megabits per second = 20 Mbit/s 20000000 bit/s
      16 GB = 16 GB 16000000000 B
      3 μm = 3 µm 3e-06 m
      5 percent = 5 % 0.05 1
      5 % = 5 % 0.05 1
      5% = 5 % 0.05 1
      five per cent = 5 % 0.05 1
      0.5pc = 0.5 % 0.005 1
      5 percentage points = 5 pp 0.05 1
      25 basis points = 25 bp 0.0025 1
      5-10 km = 5 km 5000 m
      two years = 2 y - -
      2 tons = 2 ton - -
      30 degrees = 30 ° - -
      5 litres per person = 5 l 0.005 m3
      3 cats = 3 - - -
      km = - km - m
      cats = - - - -]]
    local wanted, list = {}, {}
    for text, value in texts:gmatch "%s*([^\n]-) = ([^\n]+)" do
      list[#list + 1], wanted[#wanted + 1] = text, value
    end
    local number, unit = values("quantity", list), values("unit", list)
    local si, si_unit = values("si", list), values("si_unit", list)
    for i, text in ipairs(list) do
      assert.equal(wanted[i], table.concat({ number[i], unit[i], si[i], si_unit[i] }, " "), text)
    end
  end)
end)

describe("dates", function()
  it("are said as ISO 8601 does", function()
    check("date", [[
      14 March 2024 = 2024-03-14
      the 14th of March 2024 = 2024-03-14
      March 14, 2024 = 2024-03-14
      Thursday, March 14, 2024 = 2024-03-14
      Mon. 5 May 2024 = 2024-05-05
      Sept. 5, 2020 = 2020-09-05
      May 2023 = 2023-05
      May, 2023 = 2023-05
      in May of 2023 = 2023-05
      in 2019 = 2019
      early 2019 = 2019
      2024-03-14 = 2024-03-14
      2024-03-14T15:30 = 2024-03-14T15:30
      2024-03 = 2024-03
      2024-W12 = 2024-W12
      14/03/2024 = 2024-03-14
      3/14/2024 = 2024-03-14
      5/5/2024 = 2024-05-05
      03/04/2024 = -
      14 March 2024 at 3 p.m. = 2024-03-14T15:00
      3:30 p.m. on 14 March 2024 = 2024-03-14T15:30
      29 February 2024 = 2024-02-29
      29 February 2023 = -
      31 June 2023 = -
      14 March = -
      Monday = -
      yesterday = -
      May 2 things = -
      1 January 10000 = -
      2 birds = -
      1530 GMT = -
      the week = -]])
  end)

  it("may be two", function()
    check("date", [[
      3-5 March 2024 = 2024-03-03/2024-03-05
      March 3 to 5, 2024 = 2024-03-03/2024-03-05
      from May 2 to June 3, 2021 = 2021-05-02/2021-06-03
      between May 2 and June 3, 2021 = 2021-05-02/2021-06-03
      28 December 2023 to 2 January 2024 = 2023-12-28/2024-01-02
      December to March 2020 = 2019-12/2020-03
      March to May 2020 = 2020-03/2020-05
      2019-2021 = 2019/2021
      between 2019 and 2021 = 2019/2021
      2014-15 = 2014/2015
      2011-12 = 2011/2012
      2011–13 = 2011/2013
      2001-05 = -
      2021-2019 = -
      5-3 March 2024 = -
      3 and 5 March 2024 = -]])
    check("date", [[
      July 3 to 7 = 2024-07-03/2024-07-07
      from May 2 to June 3 = 2024-05-02/2024-06-03
      30 December to 2 January = 2023-12-30/2024-01-02]], "2024-03-14")
  end)

  it("have the forms of EDTF where ISO 8601 has none", function()
    check("date", [[
      the 1990s = 199X
      the '90s = 199X
      mid-1990s = 199X
      the 19th century = 18XX
      Q3 2022 = 2022-35
      the third quarter of 2022 = 2022-35
      summer 2022 = 2022-22
      fall of 2022 = 2022-23
      the third quarter = -
      summer = -
      1995s = -
      90s = -]])
  end)

  it("count from the day of the document", function()
    check("date", [[
      today = 2024-03-14
      tonight = 2024-03-14
      this morning = 2024-03-14
      yesterday = 2024-03-13
      last night = 2024-03-13
      the day before yesterday = 2024-03-12
      tomorrow = 2024-03-15
      Monday = 2024-03-11
      Thursday = 2024-03-14
      Friday night = 2024-03-08
      last Thursday = 2024-03-07
      next Thursday = 2024-03-21
      next Friday = 2024-03-15
      this Friday = 2024-03-15
      Friday at 3 p.m. = 2024-03-08T15:00
      last week = 2024-W10
      this week = 2024-W11
      last month = 2024-02
      earlier this month = 2024-03
      next quarter = 2024-34
      last quarter = 2023-36
      last year = 2023
      this decade = 202X
      last century = 19XX
      three days ago = 2024-03-11
      two weeks ago = 2024-W09
      14 months ago = 2023-01
      a year ago = 2023
      in two weeks = 2024-W13
      ten years from now = 2034
      14 March = 2024-03-14
      30 December = 2023-12-30
      May = 2024-05
      last May = 2023-05
      next May = 2024-05
      two weeks later = -
      a few days ago = -
      1.5 years ago = -
      last = -
      next summer = -]], "2024-03-14")
    assert.same({ "2020-W53", "2021-W01" },
      values("date", { "last week", "this week" }, "2021-01-10"))
  end)

  it("of days in every style come back", function()
    local months = { "January", "February", "March", "April", "May", "June", "July", "August",
      "September", "October", "November", "December" }
    local texts, wanted, state = {}, {}, 9
    for i = 1, 200 do
      state = (state * 1103515245 % 2147483648 + 12345) % 2147483648
      local year, month, day = twin.from_days(math.floor(state / 65536) * 25)
      local name, iso = months[month], ("%04d-%02d-%02d"):format(year, month, day)
      if year >= 1000 then
        local texts_of = { ("%d %s %d"):format(day, name, year), ("%s %d, %d"):format(name, day, year),
          ("the %dth of %s, %d"):format(day, name, year), iso,
          ("%d %s. %d"):format(day, name:sub(1, 3), year) }
        texts[#texts + 1], wanted[#wanted + 1] = texts_of[i % 5 + 1], iso
      end
    end
    assert.same(wanted, values("date", texts))
  end)
end)

describe("times of day", function()
  it("are said where it is told which half is meant", function()
    check("time", [[
      15:30 = T15:30
      15:30:05 = T15:30:05
      3 p.m. = T15:00
      3pm = T15:00
      3.30pm = T15:30
      8:30 a.m. = T08:30
      12 a.m. = T00:00
      12 p.m. = T12:00
      at noon = T12:00
      midnight = T00:00
      1530 GMT = T15:30Z
      1530 hours = T15:30
      8:30 pm UTC = T20:30Z
      8:30 pm local time = T20:30
      3-5 p.m. = T15:00/T17:00
      from 3 to 5 p.m. = T15:00/T17:00
      11 a.m. to 2 p.m. = T11:00/T14:00
      10 p.m. to 2 a.m. = T22:00/T02:00
      9 to 5 p.m. = -
      3 o'clock = -
      3 = -
      15 hours = -
      25:00 = -
      13 p.m. = -
      8:75 = -
      8:30 EST = -]])
  end)
end)

describe("converters in set", function()
  it("need no captures, and no call of Lua", function()
    local set = assert(postil.load [==[
tag._unit "km|miles"
tag.length { "<num> <_unit>", set = { value = p.quantity, unit = p.unit, si = p.si, in_si = p.si_unit } }
tag.price { [[(US)?(\$|€)<num> (- <num>)? million?]], set = { value = p.money, upper = p.upper,
  currency = p.currency } }
tag.day { "way:(last|next)? [(Monday|Friday)]", set = { iso = p.date, same = function(m) return p.date(m) end } }
tag.hour { "<num> p.m.", set = { iso = p.time } }
tag.count { "[n:(twenty|two)] (birds|cats)", set = { value = function(m) return p.number(m.n) end } }
]==])
    local doc = assert(set:tag("It ran 5 miles for US$3-5 million next Monday, at 3 p.m., with two birds.",
      { date = "2024-03-14" }))
    local found = {}
    for tag in doc:each() do
      local line = { tag.label }
      for _, attr in ipairs(doc:attrs(tag)) do
        if attr.name ~= "n" and attr.name ~= "way" then
          line[#line + 1] = attr.name .. "=" .. (type(attr.value) == "number" and
            ("%.14g"):format(attr.value) or attr.value)
        end
      end
      found[#found + 1] = table.concat(line, " ")
    end
    assert.same({ "length in_si=m si=8046.72 unit=mi value=5",
      "price currency=USD upper=5000000 value=3000000", "day iso=2024-03-18 same=2024-03-18",
      "hour iso=T15:00", "count value=2" }, found)
  end)

  it("look at the captures that they know first", function()
    local set = assert(postil.load [[
local function value(convert, m) return tostring(convert(m)) end
tag.x { "one", set = { out = function()
  return value(p.number, { amount = "1,200", mult = "k", text = "5" }) .. " " ..
    value(p.amount, { number = "1 200", amount = "7", mult = "crore" }) .. " " ..
    value(p.money, { number = "50", cur = "cents" }) .. " " ..
    value(p.currency, { cur = "€", text = "$5" }) .. " " ..
    value(p.currency, { cur = "geese", text = "$5" }) .. " " ..
    value(p.quantity, { number = "5", mult = "million", unit = "km", text = "?" }) .. " " ..
    value(p.si, { number = "5", noun = "km", text = "5 miles" }) .. " " ..
    value(p.unit, { unit = "km along", text = "5 miles" }) .. " " ..
    value(p.date, { way = "last", date = "2024-03-14", text = "Thursday" }) .. " " ..
    value(p.iso, { way = "last", date = "2024-03-14", wd = "Thursday" })
end } }]])
    assert.equal("1200000 12000000000 0.5 EUR nil 5000000 5000 nil 2024-03-07 2024-03-07",
      set:tag("one"):tags()[1].out)
  end)
end)

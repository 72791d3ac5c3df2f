-- Numbers: money, percentages, quantities.  amount is the number with its multiplier applied, upper
-- the other end of a range, currency an ISO 4217 code.

tag._number { id = "word", terms = each("numbers", { "$name", value = "$value" }),
  yes = "[Two | value=2] boats and [eleven] geese", no = "both boats" }
tag._unit { id = "name", terms = each("units", { "$name", unit = "$unit" }),
  yes = "forty [kilometres | unit=km] of dyke", no = "a mighty dyke" }

local MULT = "thousand|million|billion|trillion|mil|bil|mln|bln|mn|bn|tn|m|b|k|crore|crores" ..
  "|lakh|lakhs"

local CODES = { US = "USD", R = "ZAR", N = "NGN" }

-- Currencies in three kinds: words (dollars, euro), which follow the amount; signs and codes, which
-- stand beside it; and
-- names that are other words too, or single letters, which want a multiplier as well: "5 million
-- won", "R3bn".
local DOUBTFUL = { won = 1, real = 1, reais = 1, sol = 1, soles = 1, mark = 1, marks = 1, buck = 1,
  bucks = 1, pound = 1, pounds = 1,
  lev = 1, leu = 1, lei = 1, som = 1, kip = 1, rand = 1, colon = 1, crown = 1, crowns = 1, cent = 1,
    cents = 1, penny = 1, pence = 1,
  ether = 1, cop = 1, top = 1, all = 1, tmt = 1, try = 1, id = 1, br = 1, kr = 1, le = 1, fr = 1,
    mt = 1, ft = 1, gs = 1, km = 1, mk = 1, da = 1, dt = 1, ll = 1, ld = 1,
  cup = 1, mad = 1, sos = 1, sdg = 1, lira = 1, dong = 1, para = 1, quid = 1, grand = 1 }
local words, signs, doubtful = {}, {}, {}
for _, row in ipairs(read "currencies") do
  local list = signs
  if row.name:find "^%a$" or DOUBTFUL[row.name:lower()] then list = doubtful
  elseif row.name:find "%l%l%l" then list = words end
  list[#list + 1] = row.name
  if row.code ~= "-" then CODES[row.name] = CODES[row.name] or row.code end
end
tag._money_word { id = "word", terms = words,
  yes = "in [euros], [Swiss francs] and [yen]", no = "in kind" }
tag._money_sign { id = "sign", case = "exact", terms = signs,
  yes = "[€]5, [US$]20 or [EUR] 7", no = "eur, usd" }
tag._money_maybe { id = "maybe", terms = doubtful,
  yes = "She [won] a few [pounds].", no = "She lost a few guineas." }

local NUM = [[number:(/\d{1,3}( \d{3})+(?!\d)/|<num>)]]
local TO = "(- <_money_sign>? <num>)?"
local TIMES = "(-? mult:(" .. MULT .. "))"
local MONEY = { amount = p.money, upper = p.upper, currency = { from = "cur", map = CODES } }

tag.money { id = "sign", set = MONEY,
  "(US|U.S.)? cur:<_money_sign> " .. NUM .. " " .. TO .. " " .. TIMES .. "?",
  yes = { "It paid [$3.5 million | amount=3500000, currency=USD] and [€1,200 | amount=1200, " ..
  "currency=EUR].",
    "a [US$2 billion] loan, a [$3-5 million | amount=3000000, upper=5000000] plant",
    "a [$82-million] plant, [Rs 40 crore | amount=400000000]",
    "[$3.5\194\160million | amount=3500000], then [€\n500 | amount=500]" },
  no = "Section 12 of the code" }
tag.money { id = "word", set = MONEY,
  "(<num> -)? number:<num> " .. TIMES .. "? -? (cur:<_money_word>|cur:<_money_sign> !<num>)",
  yes = { "about [12 billion yuan | amount=12000000000, currency=CNY] or [500 rupees]",
    "between [20-30 million\nSwiss francs] and a [5,000-euro] fine" },
  no = "12 billion grains; the euro fell" }
tag.money { id = "maybe", set = MONEY,
  "(<num> -)? number:<num> " .. TIMES .. " -? cur:<_money_maybe>",
  [[&(R|N|K|P) cur:/[RNKP](?=\d)/ number:<num> ]] .. TIMES,
  [[&R cur:/R(?=\d)/ number:/\d{1,3}([ ,]\d{3})+(?!\d)/]],
  "number:<num> -? cur:(pence|cents|pounds)",
  [[number:/\d{1,3}(,\d{3})+/ cur:(won|rand|soles|pesos|dong)]],
  yes = { "It cost [5 million won | amount=5000000, currency=KRW] and [R3bn | currency=ZAR].",
    "a fine of [R15,000], or [75 pence], or [120,000 won]",
    "a [50 cents | amount=0.5, currency=USD] coin" },
  no = { "Vitamin B12 won 3 marks", "They won 5 and lost K2 to the storm." } }
tag.money { id = "words",
  "(a few|half a|several|hundreds of|thousands of|millions of|billions of|trillions of|tens of" ..
  "|<_number>) (<_number>|thousands of|millions of|billions of|of){0,4} (<_money_word>" ..
  "|<_money_maybe>)",
  set = { amount = p.money, currency = p.currency },
  yes = { "It cost [millions of dollars | amount=], [two hundred euros | amount=200].",
    "It took [half a million pounds] and [tens of thousands of rupees]." },
  no = "two hundred dollies" }

local PERCENT = { amount = p.quantity, upper = p.upper, unit = p.unit }
tag.percent { id = "number", set = PERCENT,
  "number:<num> (%|percent|per cent|pct|percentage points?)",
  yes = { "rose [4.5 per cent | amount=4.5, unit=%] to [12%]",
    "by [3 percentage points | unit=pp] to [60 %] of the vote" }, no = "rose 4.5 points" }
tag.percent { id = "words", "<_number>{1,4} (percent|per cent|percentage points?)",
  set = PERCENT, yes = "about [twenty percent | amount=20], or [thirty-five per cent | amount=35]",
  no = "a percentage of it, or twenty of them" }

local UNITS = {}
for _, row in ipairs(read "units") do UNITS[row.name] = row.unit end
local QUANTITY = { amount = p.quantity, unit = { from = "noun", map = UNITS } }
tag.quantity { id = "number", set = QUANTITY,
  "number:<num> (mult:(" .. MULT .. "))? -? noun:<_unit>",
  yes = { "ran [12 km | unit=km, amount=12] with [3.5 million tonnes | amount=3500000]",
    "a [30-metre] mast and [1,500 square kilometres] of marsh" }, no = "ran 12 races" }
tag.quantity { id = "words", set = QUANTITY, "<_number>{1,4} noun:<_unit>",
  yes = "about [ten kilometres | amount=10, unit=km] away, [two hundred\ntonnes] of it",
  no = "about ten boats away" }

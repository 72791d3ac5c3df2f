-- Numbers: money, percentages, quantities.

tag._number { id = "word", terms = each("numbers", { "$name", value = "$value" }) }
tag._currency { id = "name", terms = each("currencies", { "$name", code = "$code" }) }
tag._unit { id = "name", terms = each("units", { "$name", unit = "$unit" }) }

local MULT = "thousand|million|billion|trillion|mn|bn|tn|m|b|k|crore|lakh"
local SCALE = { k = 1e3, thousand = 1e3, lakh = 1e5, m = 1e6, mn = 1e6, million = 1e6, crore = 1e7,
  b = 1e9, bn = 1e9, billion = 1e9, tn = 1e12, trillion = 1e12 }
local SIGNS = { ["$"] = "USD", ["€"] = "EUR", ["£"] = "GBP", ["¥"] = "JPY", ["₹"] = "INR", ["₦"] = "NGN",
  ["₩"] = "KRW", ["₪"] = "ILS", ["₽"] = "RUB", ["₱"] = "PHP", ["฿"] = "THB", ["₫"] = "VND", ["₴"] = "UAH",
  ["US$"] = "USD", ["A$"] = "AUD", ["C$"] = "CAD", ["HK$"] = "HKD", ["NZ$"] = "NZD", ["S$"] = "SGD",
  ["R$"] = "BRL", Rs = "INR", ["Rs."] = "INR" }

local function amount(m)
  local number = tonumber((m.amount:gsub("[, ]", "")))
  if not number then return nil end
  local by = m.mult and SCALE[m.mult:lower()] or 1
  return number * by
end

tag.money { id = "sign",
  "cur:(US\\$|A\\$|C\\$|HK\\$|NZ\\$|S\\$|R\\$|\\$|€|£|¥|₹|₦|₩|₪|₽|₱|฿|₫|₴|Rs.?) amount:<num> mult:(" .. MULT .. ")?",
  set = { currency = { from = "cur", map = SIGNS }, value = amount } }
tag.money { id = "name",
  "amount:<num> mult:(" .. MULT .. ")? cur:<_currency>",
  "cur:<_currency> amount:<num> mult:(" .. MULT .. ")?",
  set = { value = amount } }
tag.money { id = "words",
  "(<_number>|a few|several|hundreds of|thousands of|millions of|billions of){1,4} cur:<_currency>" }

tag.percent { id = "number", "amount:<num> (%|percent|per cent|pct|percentage points?)", set = { value = amount } }
tag.percent { id = "words", "<_number>{1,4} (percent|per cent|percentage points?)" }

tag.quantity { id = "number", "amount:<num> mult:(" .. MULT .. ")? -? unit:<_unit>" }
tag.quantity { id = "words", "<_number>{1,4} unit:<_unit>" }

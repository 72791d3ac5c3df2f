-- terms.lua - writes a table of N terms for tests/bench/run: names of two or three made-up words,
-- each with a key of its own and one of three kinds.  Fixed seed: the same bytes in every run.
--
--   lua5.4 tests/bench/terms.lua N >FILE.tsv

local n = assert(tonumber(arg[1]), "how many terms?")
local SYLLABLES = { "ba", "co", "di", "fe", "gu", "ha", "jo", "ki", "lo", "mu", "na", "pe", "qui",
  "ro", "sa", "te", "vi", "wa", "xu", "zo" }
local KINDS = { "person", "org", "place" }
local WORDS = 60000

local seed = 20260504
local function below(limit)
  seed = (seed * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff
  return (seed >> 33) % limit + 1
end

local function word()
  local parts = {}
  for i = 1, 2 + below(3) do parts[i] = SYLLABLES[below(#SYLLABLES)] end
  local text = table.concat(parts)
  return text:sub(1, 1):upper() .. text:sub(2)
end

local words = {}
for i = 1, WORDS do words[i] = word() end

io.write("term\tkey\tkind\n")
for i = 1, n do
  local third = i % 3 == 0 and " " .. words[below(WORDS)] or ""
  io.write(words[below(WORDS)], " ", words[below(WORDS)], third, "\tQ", i, "\t", KINDS[i % 3 + 1],
    "\n")
end

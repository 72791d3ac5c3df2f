-- hostile.lua - reads tests/hostile: rule files that try to do harm, one trick a file.
--
--   for _, trick in ipairs(hostile.all()) do ... trick.name, about, source, text, outcomes ... end
--
-- The first line of a file says what it tries, the second what must happen, one of
--
--   --> load LINE: words   refused, with the file's name, this line and these words
--   --> tag LINE: words    loaded, but the text is not tagged; the same
--   --> limit              something finds nothing because it takes too many steps, and this is said
--   --> fine               no harm
--
-- or several of these with bars between them, as Luas differ; words alone are of the kind before.  A
-- third line "-- text: words x N" makes the text: the words and a blank, N times.  Beside the file
-- lies the table big.tsv.
--
-- They take long: HALF=1 and HALF=2 in the environment take every other of them each.

local M = {}

-- What must be right with and after each of them.
M.good = [[
tag.word { "here", keep = function() return p.utf8.len "é" == 1 and ("x"):upper() == "X" end }
]]
M.good_text = "It is here.\n"

-- 5000 rows.
function M.table()
  local rows = { "name\tx" }
  for i = 1, 5000 do rows[#rows + 1] = ("name %d\t%d"):format(i, i) end
  return table.concat(rows, "\n") .. "\n"
end

local function read_outcomes(words)
  local list = {}
  for part in (words .. " | "):gmatch "(.-) | " do
    local kind, line, rest = part:match "^(%l+) (%d*): (.*)$"
    local last = list[#list]
    if kind == "load" or kind == "tag" then
      list[#list + 1] = { kind = kind, line = line, words = rest }
    elseif part == "limit" or part == "fine" then
      list[#list + 1] = { kind = part, line = "", words = "" }
    else
      list[#list + 1] = { kind = last.kind, line = last.line, words = part }
    end
  end
  return list
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local source = file:read "*a"
  file:close()
  local first, second, third = source:match "^([^\n]*)\n([^\n]*)\n([^\n]*)"
  local words, n = third:match "^%-%- text: (.*) x (%d+)$"
  return { name = path:match "([^/]*)%.lua$", source = source, about = first:gsub("^%-%- ", ""),
    outcomes = read_outcomes(assert(second:match "^%-%-> (.*)$", path)),
    text = words and (words .. " "):rep(tonumber(n)) .. "\n" or "one two\n" }
end

function M.all()
  local half = tonumber(os.getenv "HALF")
  local list, n = {}, 0
  local files = assert(io.popen "LC_ALL=C ls tests/hostile/*.lua")
  for path in files:lines() do
    n = n + 1
    if not half or (n - half) % 2 == 0 then list[#list + 1] = read(path) end
  end
  files:close()
  assert(n > 100)
  return list
end

-- Whether it may end so: a kind and, for "load" and "tag", the message about this file.
function M.allows(trick, kind, file, message)
  for _, outcome in ipairs(trick.outcomes) do
    if outcome.kind == kind then
      local head = outcome.line ~= "" and file .. ":" .. outcome.line .. ": " or
        kind == "load" and file .. ":" or ""
      if not message or message:sub(1, #head) == head and
        message:match("^[^\n]*"):find(outcome.words, #head + 1, true) then
        return true
      end
    end
  end
  return false
end

return M

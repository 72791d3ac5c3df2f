-- test.lua - `postil test RULES`: runs the tests that rule files carry, and --gold, and writes what
-- came of it as TAP (the Test Anything Protocol, version 13).

local visible = require "postil.visible"

local TEXT_MAX = 400 -- bytes of a test's own text that are shown

-- A name as TAP wants it: # would begin a directive.
local function escaped(name)
  return (visible.line(name):gsub("[\\#]", "\\%0"))
end

local function head_of(result)
  local place = result.file and ("%s:%d "):format(result.file, result.line or 0) or ""
  return escaped(place .. result.name)
end

-- The counts of gold, one line a label, in columns.
local function write_rows(run, rows)
  local names, width = {}, 0
  for i, row in ipairs(rows) do
    names[i] = visible.line(row.name)
    width = math.max(width, #names[i])
  end
  for i, row in ipairs(rows) do
    run:write(("# %s%s  P %.4f  R %.4f  F1 %.4f  (%d right, %d too many, %d missing)\n"):format(
      names[i], (" "):rep(width - #names[i]), row.precision, row.recall, row.f1, row.tp, row.fp,
      row.fn))
  end
end

-- What is said below a test that failed.
local function write_failure(run, failure)
  local function say(words) run:write("# " .. words .. "\n") end
  for _, problem in ipairs(failure.problems) do say(visible.line(problem)) end
  if failure.text and #failure.text <= TEXT_MAX then say("text: " .. visible.line(failure.text)) end
  for line in (failure.why or ""):gmatch "[^\n]+" do say("why: " .. visible.text(line)) end
  for _, note in ipairs(failure.notes or {}) do say(visible.line(note)) end
end

local function write_result(run, number, result)
  run:write(("%s %d - %s\n"):format(result.ok and "ok" or "not ok", number, head_of(result)))
  for _, failure in ipairs(result.failures or { result.failure }) do write_failure(run, failure) end
  write_rows(run, result.rows or {})
end

-- The texts that a line of gold names by "id" lie beside the gold.
local function open_gold(run, name)
  local source, words = run.host.read(name)
  if not source then return nil, words end
  local folder = name:match "^.*/" or ""
  return { name = name, source = source,
    read = function(id) return run.host.read(folder .. id) end }
end

local function all_gold(run)
  local list = {}
  for i, name in ipairs(run.options.gold or {}) do
    local one, words = open_gold(run, name)
    if not one then
      run:complain(name, words)
      return nil
    end
    list[i] = one
  end
  return list
end

-- The results of one rule file or pack, behind those of others.
local function test_file(run, file, gold, results)
  local set, words = run:load { file }
  local ok, list
  if set then
    ok, words, list = pcall(function() return select(2, set:test { gold = gold }) end)
    if not ok then run:complain(file, tostring(words)) end
  else
    run:report(words)
  end
  list = ok and list or { { name = file .. " can be tested", ok = false } }
  for _, result in ipairs(list) do results[#results + 1] = result end
end

return function(run)
  local gold, results, code = all_gold(run), {}, 0
  if not gold then return 2 end
  for _, file in ipairs(run.files) do test_file(run, file, gold, results) end
  run:write(("TAP version 13\n1..%d%s\n"):format(#results, results[1] and "" or " # SKIP no tests"))
  for number, result in ipairs(results) do
    write_result(run, number, result)
    if not result.ok then code = 1 end
  end
  return code
end

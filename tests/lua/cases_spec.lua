-- Case files: rules and texts with what must come of them.  The format is told at the top of
-- tests/cases/rules/words.case.

local postil = require "postil"
local cases = require "cases"

local HERE = debug.getinfo(1, "S").source:match "^@(.*)lua/[^/]*$"

-- What a case got wrong, as one text; "" if nothing.
local function run(case, set)
  local lines = {}
  local function say(words) lines[#lines + 1] = case.path .. ":" .. case.line .. ": " .. words end
  local own, message = set, nil
  if not own then own, message = postil.load { source = case.rules, name = "rules" } end
  if case.error then
    -- Where a pack was looked for is the machine's affair.
    message = message and message:gsub("; looked for [^\n]*", "; looked for ...")
    if own then say "no error" elseif message ~= case.error then say("error:\n" .. message) end
  elseif not own then
    say(message)
  else
    cases.check(case, own, say)
  end
  if own and not set then own:close() end
  return table.concat(lines, "\n")
end

-- Each case in a test of its own.
local function all(folder, load)
  for _, path in ipairs(cases.files(folder)) do
    describe(path:match "[^/]*$", function()
      for _, case in ipairs(cases.read(path)) do
        it(case.title, function()
          local found = run(case, load and load())
          if case.open then
            if found == "" then error("this works now; take its open: away", 0) end
            return pending(case.open)
          end
          if found ~= "" then error(found, 0) end
        end)
      end
    end)
  end
end

describe("rules", function() all(HERE .. "cases/rules") end)

describe("news", function()
  local set
  all(HERE .. "cases/news", function()
    set = set or assert(postil.load "news")
    return set
  end)
end)

describe("the case reader", function()
  it("takes marks out", function()
    local text, marks = cases.unmark "\\[a\\] [x#1: b[y: c] | k=v, !w]\\u{e9}[!gone:][-z: \\x00]"
    assert.equal("[a] bc\195\169\0", text)
    local seen = {}
    for i, m in ipairs(marks) do
      seen[i] = m.sort .. m.label .. m.id .. " " .. m.first .. " " .. m.last .. " " .. #m.want
    end
    assert.same({ "x#1 5 6 2", "y 6 6 0", "!gone 9 8 0", "-z 9 9 0" }, seen)
  end)

  it("finds what is wrong", function()
    local set = assert(postil.load "tag.x { 'one', set = { k = 'v' } }")
    local function found(text)
      local lines = {}
      cases.check({ text = text }, set, function(words) lines[#lines + 1] = words end)
      return lines
    end
    assert.same({}, found "[x: one | k=v, !w]")
    assert.same({ 'not wanted: x 1-3 "one" by rules:1' }, found "one")
    assert.same({ 'missing: x 1-3 "two"' }, found "[x: two]")
    assert.same({ 'k of x 1-3 "one": wanted w, is v' }, found "[x: one | k=w]")
    assert.same({ 'k of x 1-3 "one": wanted nothing, is v' }, found "[x: one | !k]")
    assert.same({ 'missing: stray-close 4-3 ""' }, found "[x: one][!stray-close:]")
    assert.same({ 'here 3-3 "e" is no x, but 1-3 "one" is one by rules:1' }, found "[x: on[-x: e]]")
  end)
end)

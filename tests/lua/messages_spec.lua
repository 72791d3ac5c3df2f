-- Every message that a rule file can cause: the case files of tests/cases/messages show a rule file
-- for each, and the exact report.  A message without a case fails here, and so does a case whose
-- message is gone.

local postil = require "postil"
local cases = require "cases"
local messages = require "messages"

local HERE = debug.getinfo(1, "S").source:match "^@(.*)lua/[^/]*$"

-- Messages that no rule file causes, with the reason.  "C": a test in C shows it.
local NOT_BY_RULES = {
  -- calls of the C API that are wrong by themselves
  ["a constant is a string, a number or a boolean"] = "C",
  ["a rule has a label"] = "C",
  ["no such rule"] = "C",
  ["terms are sealed already"] = "C",
  -- the parser of patterns says the same earlier, with more of the place
  ["empty regex"] = "C",
  ["a regex has at most … bytes"] = "C",
  ["this image of terms has a name that is none"] = "such a table is refused before",
  ["an image of terms lies at a multiple of 8"] = "the binding maps files",
  ["an image is of one statement"] = "the binding makes one for each",
  ["the rule set is sealed"] = "C",
  ["the rule set is sealed already"] = "env.lua says it",
  ["set: from"] = "env.lua hands it over",
  -- more than a rule file's budget allows
  ["more terms than an image holds"] = "2^32 terms",
  ["more than 4000000 terms"] = "a table of 4,000,001 rows",
  ["the large tables of a rule set hold more than 1 GiB"] = "a table of a gigabyte",
  ["more than 64 large tables in a rule set"] = "gazetteer_spec.lua",
  ["this table cannot be compiled"] = "an address space that is full",
  -- notes: gazetteer_spec.lua
  ["the first in line …: …"] = "gazetteer_spec.lua",
  ["… row… skipped, …"] = "gazetteer_spec.lua",
  ["…compiled in memory, for … cannot be written (…)"] = "gazetteer_spec.lua",
  ["this is bytecode, not text"] = "sandbox_spec.lua",
  -- in words of Lua's own on some Luas
  ["stack overflow"] = "hostile_spec.lua",
  ["there is no place for the record of trust: neither HOME nor XDG_STATE_HOME is set"] = "trust.sh",
  ["too many names"] = "C",
  ["too many labels"] = "C",
  ["too many attributes"] = "C",
  ["too many rules"] = "2^32 rules",
  ["too many terms"] = "2^32 attributes of terms",
  -- said to a host, or when the binding is at fault
  ["set: name and kind"] = "env.lua hands over both",
  ["there is no such table"] = "the host says why",
  ["a … cannot leave a rule file"] = "env.lua hands over plain data",
  ["a … cannot enter a rule file"] = "the host hands over plain data",
  ["this rule set is at work"] = "a host that calls from within a call",
  ["nothing can be read now"] = "env.lua says it, with more of the place",
  ["the match is gone: m lives as long as the call"] = "rules run while a match lives",
  ["out of memory"] = "sandbox_spec.lua",
  ["rule files cannot read this"] = "env.lua asks for packs and tables only",
  ["postil.load: { source = \"...\" } is wanted"] = "postil.load",
  ["postil.load: a name, a path, rules as text or a list of these is wanted, not …"] = "postil.load",
  ["postil.load: nothing to load"] = "postil.load",
  ["…: cannot be read"] = "postil.load",
  ["…: no init.lua is there, and no pack has such a part"] = "postil.load",
  ["postil.load: { project = true, path = \"...\" } is wanted"] = "postil.load",
  ["postil: … is missing"] = "an installation in pieces",
}

-- What Lua says of its own accord.
local LUAS_OWN = { "^attempt to ", " near .*<eof>'?$", "^not enough memory$" }

-- Says what differs: expected words, where ~~ stands for anything in a line, against those said.
local function same(wanted, said)
  if not wanted:find("~~", 1, true) then return wanted == said end
  local pattern = wanted:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("~~", "[^\n]-")
  return said ~= nil and said:find("^" .. pattern .. "$") ~= nil
end

-- postil.loader with the files that a case brings along.
local function with_files(also, run)
  local before = postil.loader
  postil.loader = function(name)
    local own = also and also[name:match "^postil/rules/(.*)$" or ""]
    if own then
      own = own:gsub("\\t", "\t"):gsub("\\x(%x%x)", function(hex)
        return string.char(tonumber(hex, 16))
      end)
      return own:gsub("\\{(.)%*(%d+)}", function(c, n) return c:rep(tonumber(n)) end), name
    end
    return before(name)
  end
  local ok, set, words, errors = pcall(run)
  postil.loader = before
  if not ok then error(set, 0) end
  return set, words, errors
end

local reports = {} -- all that was said: { message=, case= }

-- How many characters stand before byte `column` of a line.
local function characters_before(line, column)
  return #line:sub(1, column - 1):gsub("[\128-\191]", "")
end

-- The fields of a record say what its text and excerpt say.
local function check_record(case, e, source)
  local head = e.file .. (e.line and ":" .. e.line or "") .. ": "
  assert.equal(head .. e.message, e.text)
  if e.file ~= "rules" or not e.line then return end
  local number, shown, marks = e.excerpt:match "^ *(%d+) | ([^\n]*)\n       | ([^\n]*)"
  assert.equal(e.line, tonumber(number))
  local line, n = "", 0
  for one in (source .. "\n"):gmatch "([^\n]*)\n" do
    n = n + 1
    if n == e.line then line = one break end
  end
  if #line <= 160 then assert.equal(line, shown) end
  if e.column and #line <= 160 then
    assert.equal(characters_before(line, e.column), #marks:match "^[ \t]*", case.title)
  end
end

-- What the command says.
local function report_of(errors)
  local lines = {}
  for _, e in ipairs(errors) do
    lines[#lines + 1] = e.text
    lines[#lines + 1] = e.excerpt
  end
  return table.concat(lines, "\n")
end

-- What is wrong with the tests that rules carry.
local function failures_of(set)
  local failures, lines = set:test(), {}
  for i, failure in ipairs(failures) do
    local place = failure.line .. (failure.column and ":" .. failure.column or "")
    lines[i] = ("%s:%s: %s: %s"):format(failure.file, place, failure.name, failure.message)
  end
  return table.concat(lines, "\n"), failures
end

local function run(case)
  local set, words, errors = with_files(case.also, function()
    return postil.load { source = case.rules, name = "rules" }
  end)
  if errors then words = report_of(errors) end
  if set and not case.text then words, errors = failures_of(set) end
  if case.text and set then
    local doc, message, excerpt = set:tag(case.text)
    assert.is_nil(doc)
    words = message .. (excerpt and "\n" .. excerpt or "")
    errors = { { message = message } }
  end
  assert.is_not_nil(words, "nothing is wrong")
  if not same(case.error, words) then
    error(("%s:%d: error:\n%s"):format(case.path, case.line, words), 0)
  end
  for _, e in ipairs(errors) do
    reports[#reports + 1] = { message = e.message, case = case }
    if not set then check_record(case, e, case.rules) end
  end
end

describe("messages", function()
  for _, path in ipairs(cases.files(HERE .. "cases/messages")) do
    for _, case in ipairs(cases.read(path)) do
      it(path:match "[^/]*$" .. ": " .. case.title, function() run(case) end)
    end
  end

  it("each have a case", function()
    local known, missing, n = {}, {}, 0
    for _, one in ipairs(messages.all(HERE:gsub("tests/$", ""))) do
      if not known[one.words] and not NOT_BY_RULES[one.words] then
        known[one.words] = true
        n = n + 1
        local found
        for _, said in ipairs(reports) do found = found or said.message:find(one.pattern) end
        if not found then missing[#missing + 1] = ("%s:%d: %s"):format(one.file, one.line, one.words) end
      end
    end
    assert.equal("", table.concat(missing, "\n"))
    assert.is_true(n > 200) -- fewer: they are no longer found
  end)

  it("of all cases are in the sources, or Lua's or PCRE2's own", function()
    local all, strange = messages.all(HERE:gsub("tests/$", "")), {}
    for _, said in ipairs(reports) do
      local found = said.case.path:find "/others%.case$"
      for _, own in ipairs(LUAS_OWN) do found = found or said.message:find(own) end
      for _, one in ipairs(all) do found = found or said.message:find(one.pattern) end
      if not found then strange[#strange + 1] = said.case.title .. ": " .. said.message end
    end
    assert.equal("", table.concat(strange, "\n"))
  end)

  it("that no rule file causes are in the sources, and those of the C API in its tests", function()
    local known = {}
    for _, one in ipairs(messages.all(HERE:gsub("tests/$", ""))) do known[one.words] = true end
    local pipe = assert(io.popen("cat " .. HERE .. "c/test_*.c"))
    local tests = pipe:read "*a"
    pipe:close()
    local gone = {}
    for words, why in pairs(NOT_BY_RULES) do
      if not known[words] then gone[#gone + 1] = "no longer said: " .. words end
      local piece = words:match "^[^…]*"
      if why == "C" and not tests:find(piece, 1, true) then
        gone[#gone + 1] = "not in a C test: " .. words
      end
    end
    table.sort(gone)
    assert.equal("", table.concat(gone, "\n"))
  end)
end)

-- lint/init.lua - what is odd about rules, without any text: what the core finds in them
-- (rules:lint), what their sources show, and what they lack; each with its place.
--
-- A comment `-- lint: NAME, ...` on the line of a finding, or on that where its statement begins,
-- says that it is meant so; words may follow.  In a table `# lint: NAME` does for all of it.

local lexer = require "postil.lint.lexer"
local portable = require "postil.lint.portable"
local scripts = require "postil.lint.scripts"
local signs = require "postil.lint.signs"

-- Names of findings; postil.1 tells of each.
local NAMES = { "capture-word", "context", "duplicate", "lint", "lua", "scripts", "signs", "slow",
  "unreachable", "untested", "unused-capture", "unused-label" }
local KNOWN = {}
for _, name in ipairs(NAMES) do KNOWN[name] = true end

local SHOWN = 40 -- bytes of a piece of a pattern in a message

local function quoted(text)
  if #text > SHOWN then text = text:sub(1, SHOWN):gsub("[\192-\255]?[\128-\191]*$", "") .. "…" end
  return '"' .. text .. '"'
end

-- Bytes of a pattern; those of a phrase with its quotes.
local function piece_of(text, first, last)
  if text:sub(first - 1, first - 1) == '"' then first = first - 1 end
  if text:sub(last + 1, last + 1) == '"' then last = last + 1 end
  return text:sub(first, last)
end

local function place_of(rule)
  local base = rule.file:match "[^/\\]+$" or rule.file
  local place = base .. ":" .. tostring(rule.line)
  return place ~= rule.name and " (" .. place .. ")" or ""
end

-- The words of a finding of the core, with the pieces of the pattern that it is about.
local function message_of(finding, place, rules)
  local words = finding.words
  if finding.name == "unreachable" then
    local piece = piece_of(place.pattern, finding.first, finding.last)
    local before = piece_of(place.pattern, finding.by_first, finding.by_last)
    return quoted(piece) .. " is never taken: " .. (piece == before and "it stands there before" or
      quoted(before) .. " before it takes all that it would")
  elseif finding.by_rule and finding.by_rule ~= finding.rule then
    return words .. place_of(rules[finding.by_rule])
  end
  return words
end

local function first_column(source, line)
  local n = 1
  for text in (source .. "\n"):gmatch "(.-)\r?\n" do
    if n == line then return (text:find "%S") or 1 end
    n = n + 1
  end
  return 1
end

-- A list of findings and what adds to it.
local Report = {}
Report.__index = Report

function Report:add(finding)
  if not finding.column then
    local file = self.files[finding.file]
    finding.column = file and finding.line and first_column(file.source, finding.line) or 1
  end
  finding.line = finding.line or 1
  local key = table.concat({ finding.name, finding.file, finding.line, finding.column,
    finding.message }, "\0")
  if self.seen[key] then return end
  self.seen[key] = true
  self.list[#self.list + 1] = finding
end

local function add_core(report, rules, found, places)
  local wanted, of = {}, {}
  for i, finding in ipairs(found) do
    if finding.pattern then
      wanted[#wanted + 1] = { number = finding.rule, pattern = finding.pattern, at = finding.first }
      of[i] = #wanted
    end
  end
  local known = places(wanted)
  for i, finding in ipairs(found) do
    local rule, place = rules[finding.rule], known[of[i]] or {}
    report:add { name = finding.name, file = rule.file, line = place.line or rule.line,
      column = place.column, rule = rule.name, statement = rule.line,
      message = message_of(finding, place, rules) }
  end
end

-- Signs in all patterns; counts: how many each rule has.
local function add_signs(report, rules, counts, places)
  local asks, found = {}, {}
  for number, n in ipairs(counts) do
    for i = 1, n do asks[#asks + 1] = { number = number, pattern = i, at = 1 } end
  end
  for i, place in ipairs(places(asks)) do
    signs(place.pattern or "", function(at, words)
      found[#found + 1] = { number = asks[i].number, pattern = asks[i].pattern, at = at,
        words = words }
    end)
  end
  for i, place in ipairs(#found > 0 and places(found) or {}) do
    local rule = rules[found[i].number]
    report:add { name = "signs", file = rule.file, line = place.line or rule.line,
      column = place.column, rule = rule.name, statement = rule.line, message = found[i].words }
  end
end

-- A pin corrects one text; what a helper label finds shows in the rules that ask for it.
local function add_untested(report, rules)
  for _, rule in ipairs(rules) do
    if not rule.tested and rule.verb ~= "pin" and rule.label:sub(1, 1) ~= "_" then
      report:add { name = "untested", file = rule.file, line = rule.line, rule = rule.name,
        statement = rule.line, message = "no yes and no no says what this rule finds" }
    end
  end
end

-- ---- sources ------------------------------------------------------------------------------------

-- A function that says which line and column a byte is in; it is asked in any order.
local function lines_of(source)
  local starts, at = { 1 }, 1
  while true do
    at = source:find("\n", at, true)
    if not at then break end
    at = at + 1
    starts[#starts + 1] = at
  end
  return function(byte)
    local low, high = 1, #starts
    while low < high do
      local middle = math.floor((low + high + 1) / 2)
      if starts[middle] <= byte then low = middle else high = middle - 1 end
    end
    return low, byte - starts[low] + 1
  end
end

local function add_lua(report, file, source)
  local tokens, place = lexer.tokens(source), lines_of(source)
  local function sayer(name)
    return function(at, words)
      local line, column = place(at)
      report:add { name = name, file = file, line = line, column = column, message = words }
    end
  end
  portable(source, tokens, sayer "lua")
  local say = sayer "scripts"
  for _, token in ipairs(tokens) do
    if token.kind == "string" or token.kind == "long" then
      scripts(token.text, function(at, words) say(token.at + at - 1, words) end)
    end
  end
end

local function add_table(report, file, source)
  local place
  scripts(source, function(at, words)
    place = place or lines_of(source)
    local line, column = place(at)
    if source:sub(at - column + 1, at - column + 1) == "#" then return end -- a remark
    report:add { name = "scripts", file = file, line = line, column = column, message = words }
  end)
end

-- ---- what is meant so ---------------------------------------------------------------------------

-- Names after "lint:" by line; of a table all of them under 0.  What is no name is told of.
local function allowed_in(report, file, source, is_table)
  local by_line, n = {}, 0
  if not source:find("lint:", 1, true) then return by_line end
  for text in (source .. "\n"):gmatch "(.-)\n" do
    n = n + 1
    local line = is_table and 0 or n
    local at = text:match(is_table and "^#%s*lint:%s*()" or "%-%-%s*lint:%s*()")
    while at do
      local name, behind = text:match("^([%l-]+)()", at)
      if not KNOWN[name] then
        report:add { name = "lint", file = file, line = n, column = at,
          message = "names of findings are wanted here, with commas between: " ..
            table.concat(NAMES, ", ") }
        break
      end
      by_line[line] = by_line[line] or {}
      by_line[line][name] = true
      at = text:match("^%s*,%s*()", behind)
    end
  end
  return by_line
end

local function is_meant(finding, allowed)
  local of = allowed[finding.file] or {}
  for _, line in ipairs { 0, finding.line, finding.statement or finding.line } do
    if of[line] and of[line][finding.name] then return true end
  end
  return false
end

local function in_order(a, b)
  if a.file ~= b.file then return a.file < b.file end
  if a.line ~= b.line then return a.line < b.line end
  if a.column ~= b.column then return a.column < b.column end
  if a.name ~= b.name then return a.name < b.name end
  return a.message < b.message
end

-- rules: set.rules; found: rules:lint(); counts: of patterns, by rule; files: { source=,
-- is_table= } by name; places: handler of env.lua.
return function(rules, found, counts, files, places)
  local report = setmetatable({ list = {}, seen = {}, files = files }, Report)
  add_core(report, rules, found, places)
  add_signs(report, rules, counts, places)
  add_untested(report, rules)
  local allowed = {}
  for name, file in pairs(files) do
    local add = file.is_table and add_table or add_lua
    add(report, name, file.source)
    allowed[name] = allowed_in(report, name, file.source, file.is_table)
  end
  local list = {}
  for _, finding in ipairs(report.list) do
    if not is_meant(finding, allowed) then list[#list + 1] = finding end
    finding.statement = nil
  end
  table.sort(list, in_order)
  return list
end

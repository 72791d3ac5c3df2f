-- env.lua - rule files: what one sees, how they are loaded, and what the host may ask about them.
--
-- A private state of a rule set (lua/state.c) begins with trusted files, init.lua lists them, of
-- which this is the last.  Each is called with `core`, the functions of lua/env.c; with p, which
-- holds those of lua/convert.c; and with `env`, into which it puts what later ones build on.  This
-- one returns handlers for the host: load, finish, ...  A rule file is checked statement by
-- statement; what is wrong is collected with the way to its place (place.lua), and the file goes
-- on.

local core, p, env = ...

local a, complain, did_you_mean, files, named, result, short, split_message, statement, statements,
  trouble =
  env.a, env.complain, env.did_you_mean, env.files, env.named, env.result, env.short,
  env.split_message, env.statement, env.statements, env.trouble
local copy_of = env.copy_of
local assert, error, ipairs, pairs, setmetatable, tostring, type, xpcall =
  assert, error, ipairs, pairs, setmetatable, tostring, type, xpcall
local find, floor, gsub, insert, match, sub =
  string.find, math.floor, string.gsub, table.insert, string.match, string.sub
local unpack = unpack or table.unpack

local used = {} -- files that are loaded, by origin

-- ---- files --------------------------------------------------------------------------------------

local load_file
local USE_COST = 20000 -- instructions that looking for a pack counts as

local function use(s, name)
  if type(name) ~= "string" then
    return trouble(s, "the name of a pack is wanted, not " .. a(type(name)), {})
  end
  -- "news", or a part of a pack: "news/person"
  if not match("/" .. name, "^/[%w_][%w_%-/]*$") or match(name, "//") or match(name, "/$") then
    return trouble(s, "'" .. name .. "' is no name of a pack", {}, name)
  end
  core.spend(USE_COST)
  local source, shown, origin = core.fetch("pack", name, s.file.origin)
  if not source then
    env.missing = true
    return trouble(s, shown or "there is no pack " .. name, {}, name)
  end
  core.spend(floor(#source / 16))
  if used[origin] then return end
  used[origin] = true
  load_file(source, shown, origin)
end

local function environment(file)
  local globals = env.basics()
  globals.p = copy_of(p)
  for name, value in pairs(p) do
    if type(value) == "table" then globals.p[name] = copy_of(value) end
  end
  setmetatable(globals.p, { __index = function(_, name)
    error("p has no '" .. tostring(name) .. "'" .. did_you_mean(name, p), 2)
  end })
  for verb in pairs(env.VERB) do globals[verb] = env.make_verb(file, verb) end
  globals.quotes, globals.ignore, globals.pack, globals.off, globals.each =
    env.quotes, env.ignore, env.pack, env.off, env.each
  function globals.read(name)
    local s = statement "read"
    return env.read(s, name), nil
  end
  function globals.use(name)
    local s = statement "use"
    use(s, name)
  end
  function globals.test(name)
    local s = statement "test"
    if type(name) ~= "string" then trouble(s, "a name is wanted: test \"name\" { ... }", {}) end
    return function(argument)
      if type(argument) ~= "table" then
        trouble(s, "{ ... } is wanted behind the name, not " .. a(type(argument)), { argument = 2 })
      elseif not s.bad then
        insert(env.tests, { name = name, file = s.file, line = s.line, argument = argument })
      end
    end
  end
  file.globals = globals
  return globals
end

-- What Lua says of a nil that was to be a verb or a function: the one that was meant.
local function meant(file, words)
  local name = match(words, "global '([^']+)'")
  if not name or not find(words, "nil value", 1, true) then return words end
  return words .. did_you_mean(name, file.globals)
end

-- Something ended a rule file before its end.
local function break_off(file, words)
  local line, rest = split_message(file, words)
  file.broken = true
  complain(file, { line = line, last = true }, meant(file, rest))
end

-- Runs a rule file; what goes wrong is collected.
function load_file(source, name, origin)
  local file = { name = name, base = match(name, "[^/\\]+$") or name, origin = origin,
    source = source, count = 0 }
  insert(files, file)
  if sub(source, 1, 3) == "\239\187\191" then source = sub(source, 4) end
  local run, words = core.compile(source, name, environment(file))
  local ok = run ~= nil
  if not ok and not split_message(file, words) then words = name .. ":1: " .. words end
  if run then ok, words = xpcall(run, core.noted) end
  if not ok then break_off(file, words) end
end

-- ---- handlers -----------------------------------------------------------------------------------

local handlers = {}
env.handlers = handlers

-- with_positions: blocks that stand at a place of the text are looked for; helpers: tags of labels
-- that begin with _ are told.
function handlers.load(source, name, origin, with_positions, helpers)
  env.positions = with_positions
  if helpers then core.helpers() end
  if origin ~= "" then
    if used[origin] then return end
    used[origin] = true
  end
  load_file(source, name, origin)
end

-- A file whose load was ended from outside, by its budget; words: "file:line: words".
function handlers.broken(words, name)
  local file = files[#files]
  for i = #files, 1, -1 do
    if sub(words, 1, #files[i].name + 1) == files[i].name .. ":" then
      file = files[i]
      break
    end
  end
  if not file then
    file = { name = name }
    insert(files, file)
  end
  break_off(file, words)
end

-- Might a label be defined by what could not be read to its end?
local function may_be_defined(label)
  if env.missing then return true end
  for _, file in ipairs(files) do
    if file.broken and find(file.source or "", "%." .. label .. "%f[^%w_]") then return true end
  end
  return false
end

-- Complains about names of `off` that no rule has.
local function check_offs()
  for _, one in ipairs(env.offs) do
    local label = match(one.name, "^(_?%l[%l%d_]*)/")
    if not named[one.name] and not (label and may_be_defined(label)) then
      trouble(one.s, "no rule is called '" .. one.name .. "'" .. did_you_mean(one.name, named), {},
        one.name)
    end
  end
end

-- May what is wrong only follow from what was complained about already?
local function follows(s, words)
  local label = match(words, "^nothing defines the label <([%w_]+)>")
  if label then return may_be_defined(label) end
  if s and s.bad and find(words, "^no capture of this rule") then return true end
  label = match(words, "^no rule of <([%w_]+)>")
  for _, other in pairs(label and statements or {}) do
    if other.bad and other.label == label then return true end
  end
  return label and may_be_defined(label)
end

-- Something is wrong with the set as a whole: as core.check tells it.
local function complain_check(s, words, at, field, nth, index)
  local one = field == "ignore" and env.ignored[nth + 1]
  if s then
    local where, text = env.way_of(s, field, nth, env.pieces[index] or 1)
    return trouble(s, words, where, text, at)
  elseif one then
    return trouble(one.s, words, one.way, one.text, one.at)
  end
  trouble(env.quoting, words, { field }, env.quoting.rule[field], 0)
end

-- Tells of all that keeps the rules from being sealed, but for what follows from other mistakes,
-- and for a rule whose statement was cut short, as that was told.
local function complain_all(words)
  local told = {}
  for _, flaw in ipairs(core.check()) do
    local s = statements[flaw[5]]
    if (s or not flaw[5]) and not follows(s, flaw[1]) then insert(told, flaw) end
  end
  for _, flaw in ipairs(told) do complain_check(statements[flaw[5]], unpack(flaw)) end
  if words and #result.errors == 0 then complain(files[#files], {}, words) end
end

-- Seals the rule set, unless something went wrong, and hands over what was collected; lost: some
-- file could not be read.
function handlers.finish(lost)
  env.missing = env.missing or lost
  check_offs()
  local sealed, words
  if #result.errors == 0 and not lost then sealed, words = core.seal() end
  if not sealed then
    complain_all(words)
    result.packs, result.rules = {}, {}
  end
  result.errors.n = #result.errors
  env.loaded = true
  return result
end

-- A trusted file that adds to the handlers, when they are asked for.
function handlers.extend(source, name)
  local run = assert(core.compile(source, name))
  run(core, p, env)
end

-- Options that a finding may quote.
local CONTEXTS = { after = 1, before = 1, not_after = 1, not_before = 1, inside = 1, outside = 1 }

-- Pattern n (from 1) of a statement and the way to it; behind its patterns come those of the
-- contexts that it has.
local function pattern_of(s, n)
  if s.patterns[n] then return s.patterns[n], s.bare and { 1 } or { 1, s.numbers[n] } end
  n = n - #s.patterns
  for _, name in ipairs { "after", "before", "not_after", "not_before" } do
    local context = s.rule[name]
    n = context and n - 1 or n
    if context and n == 0 then return context, { 1, name } end
  end
end

-- Where rules stand: for each { number=, pattern=, at=, option= } of a list (from 1; at: 1) the
-- verb and number of the statement in its file, its line, the pattern, what the option is, and the
-- way to that byte of the pattern as place.lua wants it.
function handlers.places(list)
  local places = {}
  for i, ask in ipairs(list) do
    local s, place = statements[ask.number - 1], {}
    if s then
      local text, path
      if ask.pattern then text, path = pattern_of(s, ask.pattern) end
      place = { verb = s.verb, n = s.n, file = s.file.name, line = s.line, pattern = text,
        option = CONTEXTS[ask.option or ""] and s.rule[ask.option] or nil }
      if text and s.line then
        place.call, place.path, place.text, place.at = s.call, path, short(text), (ask.at or 1) - 1
      end
    end
    places[i] = place
  end
  return places
end

-- What p holds beside the converters and what characters.lua adds.
function p.esc(text)
  if type(text) ~= "string" then error("p.esc: a string is wanted", 2) end
  text = gsub(text, "[%[%]%(%){}|?*+<>\"/!&^$=:\\]", "\\%0")
  return (gsub(text, "%.%.%.", "\\.\\.\\."))
end

return handlers

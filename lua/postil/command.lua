-- command.lua - the `postil` command: finds out what is wanted and has it done.
--
--   code = require("postil.command").run(arguments, host)
--
-- `host` is plugin/command/host.c.  Each command is a function of a run (below) that returns the
-- exit code: 0 fine, 1 something found, 2 trouble.

local chosen = require "postil.chosen"
local day = require "postil.day"
local help = require "postil.command.help"
local notes = require "postil.command.notes"
local options = require "postil.command.options"
local output = require "postil.command.output"
local progress = require "postil.command.progress"
local styles = require "postil.styles"
local visible = require "postil.visible"

local M = {}

local WHEN, COLUMNS = { "auto", "always", "never" }, { "bytes", "chars", "utf16" }
local TEXT_OPTIONS = { "rules", "e", "sidecar", "clean", "date", "color" }

-- Options of a command: those given, and for commands that tag texts those of TEXT_OPTIONS too.
local function allow(own, texts)
  own.help = true
  if not texts then return own end
  own.from = { "text", "jsonl" }
  own.color, own.columns = WHEN, COLUMNS
  for _, name in ipairs(TEXT_OPTIONS) do own[name] = own[name] or true end
  return own
end

-- run: the command; bare: it has rules, but no texts; paged: long output goes to a pager;
-- collected: output comes only at the end; before: its module looks at the file before rules
-- load; alone: it takes no files.
local COMMANDS = {
  tag = { run = function() return require "postil.command.tag" end, texts = true, paged = true,
    allowed = allow({ to = { "ansi", "lines", "jsonl", "inline", "vimgrep", "ctags" },
      label = true, watch = true, poll = true }, true) },
  who = { run = function() return require "postil.command.who" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" }, speaker = true }, true) },
  names = { run = function() return require "postil.command.names" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" }, label = true }, true) },
  find = { run = function() return require "postil.command.find" end, texts = true, paged = true,
    named = true, allowed = allow({ to = { "lines", "jsonl", "vimgrep", "ctags" } }, true) },
  check = { run = function() return require "postil.command.check" end, texts = true, paged = true,
    allowed = allow({ to = { "lines", "jsonl" }, fix = true }, true) },
  diff = { run = function() return require "postil.command.diff" end, paged = true, two = true,
    allowed = { help = true, rules = true, date = true, label = true, from = { "text", "jsonl" },
      to = { "lines", "jsonl" }, columns = COLUMNS, color = WHEN } },
  new = { run = function() return require "postil.command.new" end, fresh = true,
    allowed = allow {} },
  norm = { run = function() return require "postil.command.norm" end,
    allowed = allow { form = { "NFC", "NFD", "NFKC", "NFKD" } } },
  test = { run = function() return require "postil.command.test" end, rules = true,
    allowed = allow { gold = true, clean = true } },
  trust = { run = function() return require "postil.command.trust" end, record = true,
    allowed = allow { list = true, remove = true, show = true } },
  stats = { run = function() return require "postil.command.stats" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" } }, true) },
  lint = { run = function() return require "postil.command.lint" end, rules = true,
    allowed = allow { to = { "lines", "jsonl" } } },
  labels = { run = function() return require "postil.command.labels" end, bare = true,
    paged = true, allowed = allow { to = { "lines", "jsonl" }, rules = true, e = true,
    all = true } },
  why = { run = function() return require "postil.command.why" end, texts = true, paged = true,
    placed = true, allowed = allow({ to = { "lines", "jsonl" } }, true) },
  view = { run = function() return require "postil.command.view" end, texts = true, paged = true,
    allowed = allow({ label = true, legend = true, paging = WHEN }, true) },
  lesspipe = { run = function() return require "postil.command.lesspipe".show end, texts = true,
    before = function() return require "postil.command.lesspipe" end,
    allowed = allow({ label = true }, true) },
  serve = { run = function() return require "postil.command.serve" end, alone = true,
    allowed = allow { clean = true } },
}

COMMANDS.why.allowed.from = nil -- a place is one of a text, not of a line of JSON
COMMANDS.view.allowed.from, COMMANDS.view.allowed.columns = nil, nil
COMMANDS.lesspipe.allowed.from, COMMANDS.lesspipe.allowed.columns = nil, nil

local NAMES = { "check", "diff", "find", "labels", "lesspipe", "lint", "names", "new", "norm",
  "serve", "stats", "tag", "test", "trust", "view", "who", "why" }

local LOAD_SECONDS = 2 -- of computing for a rule file: a net below the limits of a rule set's state
local TABLE_SECONDS = 30 -- more for each large table, which may have to be compiled first

local Run = {}
Run.__index = Run

-- Standard output.
function Run:write(text) self.out:write(text) end

-- A text's own bytes; on a terminal its controls are shown instead of sent.
function Run:write_raw(text) self.out:write(self.terminal and visible.text(text) or text) end

-- One line of trouble on standard error; the run goes on and ends with 2.
function Run:complain(name, words)
  self.clear()
  self.host.say(("postil: %s: %s\n"):format(visible.line(name), visible.line(words)))
  self.trouble = true
end

-- One line on standard error that is no trouble.
function Run:note(words)
  self.clear()
  self.host.say("postil: " .. visible.line(words) .. "\n")
end

-- Behind the words about a file that cannot be read: the command that may have been meant.
function Run:hint(file)
  local guess = not self.host.exists(file) and options.guess(file, NAMES)
  return guess and " (did you mean the command " .. guess .. "?)" or ""
end

-- The messages of a rule file, which may have several lines (the source and a caret).
function Run:report(words)
  self.clear()
  self.host.say(visible.text(words):gsub("\n*$", "\n", 1))
  self.trouble = true
end

-- What postil.load takes for a file, folder or pack named by the user: a file is one whatever its
-- name, and a name with a quote or brace is none the less no rule.
local function rules_of(host, name)
  local plain = not name:find "[\n\"{']"
  if plain and (not name:find "[/.]" or name:find "%.lua$") then return name end
  if not host.size(name) then
    if plain then return name end
    name = name:gsub("/+$", "") .. "/init.lua"
  end
  return { source = function() return host.read(name) end, name = name, path = name }
end

-- What is said of errors: each with its source line and a caret, where that is known.
local function words_of(errors)
  local lines = {}
  for _, e in ipairs(errors) do
    lines[#lines + 1] = e.text
    lines[#lines + 1] = e.excerpt
  end
  return table.concat(lines, "\n")
end

-- Behind the words about a pack that is nowhere: the file or folder here that may have been meant.
local function pack_hint(host, name, words)
  if not words:find("there is no pack '" .. name .. "'", 1, true) then return "" end
  local file = host.exists(name .. ".lua") and name .. ".lua"
    or host.exists(name .. "/init.lua") and "./" .. name
  return file and " (did you mean " .. file .. "?)" or ""
end

-- Loads rules by a function; the program ends when that takes far too long: so many times what one
-- file may, and more for each large table.
function Run:within(names, times, load)
  local seconds, patience = LOAD_SECONDS * times, self.postil.core.patience
  local last_words = ("postil: %s: takes too long to load\n"):format(
    visible.line(table.concat(names, ", ")):sub(1, 900))
  self.host.watchdog(seconds * patience, last_words)
  local idle = self.postil.large_table
  self.postil.large_table = function()
    seconds = seconds + TABLE_SECONDS
    self.host.watchdog(seconds * patience, last_words)
  end
  local set, words, errors = load()
  self.host.watchdog(0)
  self.postil.large_table = idle
  for _, note in ipairs(set and notes.untold(self.told, set) or {}) do self:note(note) end
  return set, words, errors
end

-- A rule set of a list of files, packs and { name =, source = }; or nil and words.
function Run:load(list)
  local all, names = {}, {}
  for i, what in ipairs(list) do
    all[i] = type(what) == "string" and rules_of(self.host, what) or what
    names[i] = type(what) == "string" and what or what.name
  end
  local set, words, errors = self:within(names, #all, function()
    return self.postil.load(all)
  end)
  if set then return set end
  words = errors and words_of(errors) or words
  for _, name in ipairs(names) do words = words .. pack_hint(self.host, name, words) end
  return nil, words
end

local function usage(host, words)
  host.say("postil: " .. visible.line(words) .. "\n")
  return 2
end

-- NO_COLOR, CLICOLOR_FORCE and TERM=dumb unless --color decides.
local function wants_color(choice, env, terminal)
  if choice == "always" or choice == "never" then return choice == "always" end
  if (env "NO_COLOR" or "") ~= "" then return false end
  local force = env "CLICOLOR_FORCE"
  if force and force ~= "" and force ~= "0" then return true end
  return terminal and env "TERM" ~= "dumb"
end

-- What does not go with --watch, in words; nil: nothing.
local function watch_trouble(values, files)
  if not values.watch then return values.poll and "--poll is for --watch" or nil end
  local stdin = #files == 0
  for _, file in ipairs(files) do stdin = stdin or file == "-" end
  return stdin and "--watch waits for files to be saved; standard input is none"
    or values.from == "jsonl" and "--watch reads texts, not --from jsonl"
    or values.sidecar and "--watch does not go with --sidecar"
    or values.to and values.to ~= "lines" and values.to ~= "jsonl"
      and "--watch writes lines or jsonl" or nil
end

-- What is wrong with the values of options, in words; nil: nothing.
local function values_trouble(values, files)
  if values.label and not values.label:find "[^,%s]" then return "--label names no label" end
  if values.fix and values.to == "lines" then
    return "--fix writes texts: --to lines does not go with it"
  end
  return watch_trouble(values, files) or values.clean and values.sidecar
    and "--clean uses no rules but those that are named: --sidecar does not go with it" or nil
end

-- What is wrong with the files and rule sets that a command was given, in words; nil: nothing.
local function files_trouble(command, values, files, called)
  if command.rules and #files == 0 then return called .. " needs a rule file or pack" end
  if command.alone and #files > 0 then
    return called .. " takes no files: texts come with requests on standard input"
  elseif command.bare and #files > 0 then
    return called .. " reads no texts; rules are named by --rules"
  elseif command.two and #(values.rules or {}) ~= 2 then
    return "diff compares two rule sets: --rules A --rules B"
  elseif command.before and #files ~= 1 then
    return called .. " needs one FILE, or - for standard input"
  elseif command.fresh and #files ~= 1 then
    return "new makes one pack: `postil new ./ships` here, `postil new ships` among your own"
  end
end

-- Takes NAME off the files, checks options and files, fills in standard input.  nil and words: not
-- so.
local function settle(command, values, files, called)
  local name
  if command.named then
    name = table.remove(files, 1)
    if not name or not name:find "%S" then return nil, "find needs a NAME" end
  end
  if values.date and not day.is_day(values.date) then
    return nil, "--date " .. values.date .. ": must be a day like 2023-02-22"
  end
  if command.placed then return require "postil.command.place".settle(values, files) end
  local bad = values_trouble(values, files)
  if bad then return nil, bad end
  if command.record then return options.trust_files(values, files) end
  bad = files_trouble(command, values, files, called)
  if bad then return nil, bad end
  if #files == 0 then files[1] = "-" end
  return true, name
end

local function open_run(host, env, command, values, files)
  local run = setmetatable({ host = host, options = values, files = files, told = {} }, Run)
  run.clear = function() end
  run.env = env
  run.terminal = host.isatty "out"
  run.color = wants_color(values.color, env, run.terminal or command.before)
  run.labels = options.labels(values.label)
  local bad
  run.styles, run.order, bad = styles.read(env "POSTIL_COLORS")
  if bad then run:complain("POSTIL_COLORS", bad .. ": not LABEL=NUMBERS") run.trouble = false end
  local raw = values.fix or values.watch
    or values.to and values.to ~= "lines" and values.to ~= "ansi"
  run.out = output.open(host, env, command.paged and not raw, values.paging)
  run.progress = function(total) return progress.open(host, total, command.collected) end
  run.postil = require "postil"
  run.postil.loader = function(name) return host.embedded(name), name end
  run.postil.clean = values.clean
  run.postil.tables = "" -- of rules on the command line: where the user is
  return run
end

-- Whether all of --label are labels that some rule of these sets gives; a sidecar may bring others.
function Run:knows_labels(sets)
  if not self.labels or self.options.sidecar then return true end
  local known, list = {}, {}
  for _, set in ipairs(sets) do
    for _, label in ipairs(set:labels()) do
      if label:sub(1, 1) ~= "_" and not known[label] then list[#list + 1] = label end
      known[label] = true
    end
  end
  table.sort(list)
  for label in self.options.label:gmatch "[^,%s]+" do
    if not known[label] or label:sub(1, 1) == "_" then
      local guess = options.guess(label, list)
      usage(self.host, "--label " .. label .. ": no rule gives this label"
        .. (guess and " (did you mean " .. guess .. "?)" or ""))
      return false
    end
  end
  return true
end

-- The rules to use: --rules, else the pack news; then those of -e.
local function load_rules(run)
  local list = {}
  for i, rules in ipairs(run.options.rules or chosen.usual) do list[i] = rules end
  for i, source in ipairs(run.options.e or {}) do
    list[#list + 1] = { name = "-e " .. i, source = source }
  end
  run.rules = list
  local set, words = run:load(list)
  if not set then run:report(words) end
  run.set = set
  return set and run:knows_labels { set }
end

local function work(run, command)
  if (command.texts or command.bare) and not load_rules(run) then return 2 end
  local code = command.run()(run)
  run.out:finish()
  return code
end

-- Runs `command`; a reader that went away ends it quietly, output that cannot be written is
-- trouble.
local function perform(run, command)
  local ok, result = xpcall(work, function(err)
    if type(err) == "table" then return err end
    return debug.traceback(err, 2)
  end, run, command)
  if ok then return run.trouble and 2 or result end
  if type(result) ~= "table" then error(result, 0) end
  if result.trouble then return usage(run.host, result.trouble) end
  pcall(run.out.finish, run.out)
  return run.trouble and 2 or 0
end

local function show(host, text)
  local ok, words = host.write(text)
  if not ok and words ~= "closed" then return usage(host, "cannot write: " .. words) end
  return 0
end

function M.run(arguments, host, env)
  env = env or os.getenv
  local first = arguments[1]
  if first == "help" or first == "--help" or first == "-h" then
    local about = arguments[2]
    if about == "--help" or about == "-h" or about == "help" then about = nil end
    if about and not help[about] then
      local guess = options.guess(about, NAMES)
      return usage(host, "there is no command " .. about
        .. (guess and " (did you mean " .. guess .. "?)" or ""))
    end
    return show(host, help[about or "postil"])
  elseif first == "--version" then
    local postil = require "postil"
    return show(host, "postil " .. postil.version .. "\n")
  end
  local name = COMMANDS[first] and table.remove(arguments, 1) or "tag"
  local command = COMMANDS[name]
  local values, files = options.read(arguments, command.allowed)
  if not values then
    local bare = command.rules and files:find "%-%-rules$"
    return usage(host, files .. (bare and "; its files are the rules: postil " .. name .. " RULES"
      or ""))
  end
  if values.help then return show(host, help[name]) end
  local ok, words = settle(command, values, files, name)
  if not ok then return usage(host, words) end
  local before = command.before and command.before()
  if before then
    local code
    host, code = before.begin(host, files)
    if code then return code end
  end
  local run = open_run(host, env, command, values, files)
  run.name = words
  local code = perform(run, command)
  return before and before.finish(run) or code
end

return M

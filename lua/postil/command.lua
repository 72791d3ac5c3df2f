-- command.lua - the `postil` command: finds out what is wanted and has it done.
--
--   code = require("postil.command").run(arguments, host)
--
-- `host` is plugin/command/host.c.  Each command is a function of a run (below) that returns the
-- exit code: 0 fine, 1 something found, 2 trouble.

local help = require "postil.command.help"
local options = require "postil.command.options"
local output = require "postil.command.output"
local progress = require "postil.command.progress"
local styles = require "postil.styles"
local visible = require "postil.visible"

local M = {}

local TEXT_OPTIONS = { "rules", "e", "sidecar", "date", "color" }

-- Options of a command: those given, and for commands that tag texts those of TEXT_OPTIONS too.
local function allow(own, texts)
  own.help = true
  if not texts then return own end
  own.from = { "text", "jsonl" }
  own.color = { "auto", "always", "never" }
  own.columns = { "bytes", "chars", "utf16" }
  for _, name in ipairs(TEXT_OPTIONS) do own[name] = own[name] or true end
  return own
end

-- run: the command; bare: it has rules, but no texts; paged: long output goes to a pager;
-- collected: output comes only at the end.
local COMMANDS = {
  tag = { run = function() return require "postil.command.tag" end, texts = true, paged = true,
    allowed = allow({ to = { "ansi", "lines", "jsonl", "inline" }, label = true }, true) },
  who = { run = function() return require "postil.command.who" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" }, speaker = true }, true) },
  names = { run = function() return require "postil.command.names" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" }, label = true }, true) },
  find = { run = function() return require "postil.command.find" end, texts = true, paged = true,
    named = true, allowed = allow({ to = { "lines", "jsonl" } }, true) },
  check = { run = function() return require "postil.command.check" end, texts = true, paged = true,
    allowed = allow({ to = { "lines", "jsonl" }, fix = true }, true) },
  norm = { run = function() return require "postil.command.norm" end,
    allowed = allow { form = { "NFC", "NFD", "NFKC", "NFKD" } } },
  test = { run = function() return require "postil.command.test" end, rules = true,
    allowed = allow {} },
  stats = { run = function() return require "postil.command.stats" end, texts = true, paged = true,
    collected = true, allowed = allow({ to = { "lines", "jsonl" } }, true) },
  lint = { run = function() return require "postil.command.lint" end, rules = true,
    allowed = allow { to = { "lines", "jsonl" } } },
  labels = { run = function() return require "postil.command.labels" end, bare = true,
    paged = true, allowed = allow { to = { "lines", "jsonl" }, rules = true, e = true,
    all = true } },
  why = { run = function() return require "postil.command.why" end, texts = true, paged = true,
    placed = true, allowed = allow({ to = { "lines", "jsonl" } }, true) },
}

COMMANDS.why.allowed.from = nil -- a place is one of a text, not of a line of JSON

local NAMES = { "check", "find", "labels", "lint", "names", "norm", "stats", "tag", "test", "who",
  "why" }

local LOAD_SECONDS = 2 -- of computing for a rule file: a net below the limits of a rule set's state

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

-- What postil.load takes for a file or pack named by the user: a file is one whatever its name.
local function rules_of(host, name)
  if not name:find "[/.]" or name:find "%.lua$" or not host.size(name) then return name end
  local source = host.read(name)
  return source and { source = source, name = name, path = name } or name
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

-- A rule set of a list of files, packs and { name =, source = }; or nil and words.
function Run:load(list)
  local all, names = {}, {}
  for i, what in ipairs(list) do
    all[i] = type(what) == "string" and rules_of(self.host, what) or what
    names[i] = type(what) == "string" and what or what.name
  end
  self.host.watchdog(LOAD_SECONDS * #all * self.postil.core.patience, ("postil: %s: %s\n"):format(
    visible.line(table.concat(names, ", ")):sub(1, 900), "takes too long to load"))
  local set, words, errors = self.postil.load(all)
  self.host.watchdog(0)
  return set, errors and words_of(errors) or words
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

-- Takes NAME off the files, checks --date, fills in standard input.  nil and words: not so.
local function settle(command, values, files, called)
  local name
  if command.named then
    name = table.remove(files, 1)
    if not name or not name:find "%S" then return nil, "find needs a NAME" end
  end
  if values.date and not options.is_date(values.date) then
    return nil, "--date " .. values.date .. ": must be a day like 2023-02-22"
  end
  if command.placed then return require "postil.command.place".settle(values, files) end
  if values.label and not values.label:find "[^,%s]" then return nil, "--label names no label" end
  if values.fix and values.to == "lines" then
    return nil, "--fix writes texts: --to lines does not go with it"
  end
  if command.rules and #files == 0 then return nil, called .. " needs a rule file or pack" end
  if command.bare and #files > 0 then
    return nil, called .. " reads no texts; rules are named by --rules"
  end
  if #files == 0 then files[1] = "-" end
  return true, name
end

local function open_run(host, env, command, values, files)
  local run = setmetatable({ host = host, options = values, files = files }, Run)
  run.clear = function() end
  run.terminal = host.isatty "out"
  run.color = wants_color(values.color, env, run.terminal)
  run.labels = options.labels(values.label)
  local bad
  run.styles, run.order, bad = styles.read(env "POSTIL_COLORS")
  if bad then run:complain("POSTIL_COLORS", bad .. ": not LABEL=NUMBERS") run.trouble = false end
  local raw = values.fix or values.to == "jsonl" or values.to == "inline"
  run.out = output.open(host, env, command.paged and not raw)
  run.progress = function(total) return progress.open(host, total, command.collected) end
  run.postil = require "postil"
  run.postil.loader = function(name) return host.embedded(name), name end
  return run
end

-- Whether all of --label are labels that some rule gives; a sidecar may bring others.
local function knows_labels(run)
  if not run.labels or run.options.sidecar then return true end
  local known, list = {}, {}
  for _, label in ipairs(run.set:labels()) do
    known[label] = true
    if label:sub(1, 1) ~= "_" then list[#list + 1] = label end
  end
  table.sort(list)
  for label in run.options.label:gmatch "[^,%s]+" do
    if not known[label] or label:sub(1, 1) == "_" then
      local guess = options.guess(label, list)
      usage(run.host, "--label " .. label .. ": no rule gives this label"
        .. (guess and " (did you mean " .. guess .. "?)" or ""))
      return false
    end
  end
  return true
end

-- The rules to use: --rules, else the pack news; then those of -e.
local function load_rules(run)
  local list = {}
  for i, rules in ipairs(run.options.rules or { "news" }) do list[i] = rules end
  for i, source in ipairs(run.options.e or {}) do
    list[#list + 1] = { name = "-e " .. i, source = source }
  end
  run.rules = list
  local set, words = run:load(list)
  if not set then run:report(words) end
  run.set = set
  return set and knows_labels(run)
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
  if not values then return usage(host, files) end
  if values.help then return show(host, help[name]) end
  local ok, words = settle(command, values, files, name)
  if not ok then return usage(host, words) end
  local run = open_run(host, env, command, values, files)
  run.name = words
  return perform(run, command)
end

return M

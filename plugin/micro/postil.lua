-- postil.lua - names and quotations in prose, in micro (2.0.11 or later): the command `postil`, its
-- options, and what micro tells of.
--
-- Link or copy this folder to ~/.config/micro/plug/postil; `help postil` in micro tells all.  micro
-- reads the Lua files of the folder in one environment: report, process, texts, rows, marks, places
-- and rules are tables there, which each know those named before them.  lib has what is required.

if not import then return end -- Neovim comes by here

VERSION = "0.1.0"

local buffer = import("micro/buffer")
local config = import("micro/config")

local LIST_MOST = 500 -- rows of a list below; micro's Lua takes long to read more

local commands = {}

-- ---- the gutter ---------------------------------------------------------------------------------

function commands.on(bp, words)
  local rules_named = {}
  for word in words:gmatch "%S+" do rules_named[#rules_named + 1] = word end
  local state = texts.on(bp.Buf, #rules_named > 0 and rules_named or nil)
  if state then marks.show(state, marks.faults) end
end

function commands.off(bp)
  local state = texts.of(bp.Buf)
  if state then texts.off(state) end
end

local function mark(state, what, query, go)
  texts.when_done(state, what, function()
    marks.show(state, query, function(rows, total)
      if go and rows[1] then go(rows[1]) end
      local more = total > #rows and (", the first %d are marked"):format(#rows) or ""
      report.say(("%s: %d%s"):format(what, total, more))
    end)
  end)
end

function commands.check(_, _, state)
  mark(state, "faults", marks.faults)
end

function commands.list(_, label, state)
  mark(state, label == "" and "tags" or label, marks.tags(label))
end

function commands.find(bp, name, state)
  if name == "" then return report.fail "say which name: postil find NAME" end
  mark(state, name, marks.mentions(name), function(row) places.go(bp, row.span) end)
end

-- ---- lists --------------------------------------------------------------------------------------

local function list(bp, state, what, fields, asked)
  texts.when_done(state, what, function()
    fields.text = state.name
    process.ask_rows(what, fields, LIST_MOST, function(answer, total)
      if answer.error then return report.fail(answer.error) end
      if total == 0 then
        return report.say(what .. ": there is nothing" .. (asked == "" and "" or " of " .. asked))
      end
      places.list(bp, state, what, answer.rows, total)
    end)
  end)
end

function commands.who(bp, name, state)
  list(bp, state, "who", { name = name ~= "" and name or nil }, name)
end

function commands.names(bp, label, state)
  list(bp, state, "names", { label = label ~= "" and label or nil }, label)
end

-- ---- places -------------------------------------------------------------------------------------

function commands.next(bp, label, state) places.step(bp, state, "next", label) end
function commands.previous(bp, label, state) places.step(bp, state, "previous", label) end
function commands.partner(bp, _, state) places.partner(bp, state) end
function commands.hover(bp, _, state) places.tell(bp, state, "hover") end

function commands.why(bp, _, state)
  texts.when_done(state, "why", function() places.tell(bp, state, "why") end)
end

-- ---- repairs ------------------------------------------------------------------------------------

-- From the back to the front, as they come.
local function repair(state, answer)
  local buf = state.buf
  for _, edit in ipairs(answer.edits) do
    local from = texts.loc(buf, edit.span[1], edit.span[2])
    buf:Replace(from, texts.loc(buf, edit.span[3], edit.span[4]), edit.content)
  end
  report.say(("repairs: %d, faults left: %d"):format(#answer.edits, answer.left))
end

function commands.fix(_, _, state)
  texts.when_done(state, "fix", function()
    process.ask("fix", { text = state.name }, function(answer)
      texts.flush(state)
      if answer.error then return report.fail(answer.error) end
      if answer.version ~= state.version then
        return report.fail "the text has changed meanwhile; try again"
      end
      repair(state, answer)
    end)
  end)
end

-- ---- rules --------------------------------------------------------------------------------------

function commands.rules(bp, _, state) rules.open(bp, state) end
function commands.trust(bp, _, state) rules.trust(bp, state) end
function commands.reload() rules.reload() end
function commands.term(bp, label, state) rules.add(bp, state, "term", label) end
function commands.pin(bp, label, state) rules.add(bp, state, "pin", label) end

function commands.info(bp, _, state)
  process.ask("rules", { text = state.name }, function(answer)
    local lines = { "command  " .. config.GetGlobalOption("postil.command"),
      "version  " .. (process.version or "?"),
      "text     " .. (state.done and "all is tagged" or "not all is tagged yet"),
      ("sent     %d lines of %d, as a whole again %d times"):format(state.sent,
        state.buf:LinesNum(), state.resent) }
    for _, file in ipairs(answer.files or {}) do lines[#lines + 1] = "rules    " .. file end
    if answer.untrusted then lines[#lines + 1] = "left out " .. answer.path end
    places.below(bp, "info", lines)
  end)
end

-- ---- micro --------------------------------------------------------------------------------------

local NAMES = {}
for name in pairs(commands) do NAMES[#NAMES + 1] = name end
table.sort(NAMES)

local function complete(buf)
  local input = buffer.GetArg(buf)
  local chosen, rests = {}, {}
  for _, name in ipairs(NAMES) do
    if name:sub(1, #input) == input then
      chosen[#chosen + 1], rests[#rests + 1] = name, name:sub(#input + 1)
    end
  end
  return rests, chosen
end

-- These do not turn it on where it is not.
local BARE = { on = true, off = true, reload = true }

local function run(bp, args)
  local words = {}
  for i = 2, #args do words[#words + 1] = args[i] end
  local name = #args > 0 and args[1] or "check"
  if not commands[name] then
    return report.fail(("there is no postil %s; there are %s"):format(name,
      table.concat(NAMES, ", ")))
  end
  texts.sweep()
  local state = not BARE[name] and texts.on(bp.Buf) or nil
  if BARE[name] or state then commands[name](bp, table.concat(words, " "), state) end
end

function onBeforeTextEvent(shared, event)
  report.rest()
  texts.edited(shared, event)
  return true
end

local function undone(bp)
  if bp.Buf then texts.undone(bp.Buf) end
  return true
end

onUndo, onRedo = undone, undone

function onSave(bp)
  rules.saved(bp.Buf)
  return true
end

function onQuit()
  texts.sweep()
  return true
end

function preInsertNewline(bp)
  return not places.follow(bp)
end

function preinit()
  config.RegisterGlobalOption("postil", "command", "postil")
  config.RegisterGlobalOption("postil", "maxsize", 33554432)
  config.RegisterGlobalOption("postil", "pause", 0.5)
  config.AddRuntimeFile("postil", config.RTHelp, "help/postil.md")
end

function init()
  package.path = config.ConfigDir .. "/plug/postil/lib/?;" .. package.path
  texts.start()
  marks.start()
  rules.start()
  config.MakeCommand("postil", run, complete)
end

-- commands.lua - `:postil`: what it does.
--
--   commands.run(argv, force, win)    as vis hands a command over
--
-- What needs the whole text tagged works on for a second at most, and then tells what was found so
-- far, and how far that is; `:postil!` goes on to the end.

local list = require "postil.vis.list"
local lists = require "postil.editor.lists"
local objects = require "postil.vis.objects"
local report = require "postil.vis.report"
local rules = require "postil.vis.rules"
local texts = require "postil.vis.texts"
local visible = require "postil.visible"

local M = {}

local MOST = 5000 -- rows of a list

local commands = {}

-- ---- helpers ------------------------------------------------------------------------------------

-- The state of a window's file; it is turned on if it is not.
local function here(called)
  local file = called.win.file
  local state = texts.of(file)
  if state then
    texts.follow(state)
    return not state.closed and state or nil
  end
  return rules.turn_on(file)
end

-- The same when all is tagged that can be in time, and a note on how far that is.
local function whole(called)
  local state = here(called)
  if not state then return nil end
  local done = texts.work(state, called.force and math.huge or texts.options.patience)
  rules.found(state)
  if state.trouble then return report.info(state.trouble) end
  return state, done and "" or (" (so far: %d %% is tagged; `:postil! %s` waits for the rest)")
    :format(texts.percent(state), called.name)
end

-- All words behind the first as one; nil: none.
local function rest(called) return called.words[1] and table.concat(called.words, " ") end

-- ---- on and off ---------------------------------------------------------------------------------

local function expanded(name)
  return name:sub(1, 2) == "~/" and (os.getenv "HOME" or "") .. name:sub(2) or name
end

function commands.on(called)
  local named = {}
  for i, name in ipairs(called.words) do named[i] = expanded(name) end
  rules.turn_on(called.win.file, named[1] and named or nil)
end

function commands.off(called)
  if not texts.off(called.win.file) then report.info "it is not on in this file" end
end

function commands.toggle(called)
  if texts.of(called.win.file) then commands.off(called) else commands.on(called) end
end

-- ---- lists --------------------------------------------------------------------------------------

-- LINE:COL: and what a row says.
local function line_of(text, row)
  local line, column = text.doc:place(row.first)
  return ("%d:%d: %s"):format(line, column, lists.words(text, row))
end

-- Rows as lines that lead to their places, wherever these have moved to meanwhile.
local function show(state, title, rows)
  local lines, marks = {}, {}
  for i = 1, math.min(#rows, MOST) do
    lines[i] = line_of(state.text, rows[i])
    marks[i] = state.file:mark_set(rows[i].first - 1)
  end
  if #rows > MOST then lines[MOST + 1] = ("... and %d more"):format(#rows - MOST) end
  local file = state.file
  list.show(title, lines, function(n)
    if state.closed and not texts.of(file) then
      return report.info "it is not on any more in this file"
    end
    local position = marks[n] and file:mark_get(marks[n])
    if not position then return report.info "what stood there is gone" end
    list.go(file, position + 1)
  end)
end

for name, rows_of in pairs(lists.of) do
  commands[name] = function(called)
    local state, so_far = whole(called)
    if not state then return end
    local asked = rest(called)
    if name == "find" and not asked then
      asked = objects.name_at(state, (called.win.selection.pos or 0) + 1)
      if not asked then return report.info "say which name: `:postil find NAME`" end
    end
    local rows = rows_of(state.text, asked)
    local title = name .. (asked and " " .. visible.line(asked) or "")
    if #rows == 0 then
      return report.info(lists.nothing[name] .. (asked and ": " .. asked or "") .. so_far)
    end
    show(state, ("postil %s: %d%s"):format(title, #rows, so_far), rows)
  end
end

-- ---- at the cursor ------------------------------------------------------------------------------

local function step(kind)
  return function(called)
    if here(called) then objects.step(called.win, kind, rest(called), 1) end
  end
end

commands.next, commands.previous, commands.partner = step "next", step "previous", step "partner"
commands.prev = commands.previous

function commands.hover(called)
  if not here(called) then return end
  local state, position = objects.here(called.win)
  local lines = require "postil.editor.hover".lines(state.text, position)
  if not lines[1] then return report.info "nothing is tagged here" end
  list.show("postil hover", lines)
end

function commands.why(called)
  local state, so_far = whole(called)
  if not state then return end
  local position = (called.win.selection.pos or 0) + 1
  local lines, place = require "postil.editor.hover".why(state.text, position)
  if not lines then return report.info(place .. so_far) end
  if not lines[1] then return report.info "nothing is tagged here, and no rule came near" end
  local opens = place and io.open(place.file)
  if opens then opens:close() end
  list.show("postil why", lines, opens and function() list.open(place.file, place.line) end)
end

-- ---- faults, rules ------------------------------------------------------------------------------

function commands.fix(called)
  local state, so_far = whole(called)
  if not state then return end
  local file = state.file
  local edits, left = require "postil.editor.faults".fixes(state.text, { safe_only = true })
  for _, edit in ipairs(edits) do
    file:delete(edit.first - 1, edit.last - edit.first + 1)
    file:insert(edit.first - 1, edit.text)
  end
  texts.follow(state)
  report.info(("%s; %d left, see `:postil check`%s"):format(
    #edits == 1 and "1 repair" or #edits .. " repairs", left, so_far))
end

for _, kind in ipairs { "term", "pin" } do
  commands[kind] = function(called)
    local state = whole(called)
    if not state then return end
    local label = called.words[1]
    if not label then return report.info(("say which label: `:postil %s LABEL`"):format(kind)) end
    local first, last = objects.word_at(state, called.win)
    if not first then return report.info "no word stands here" end
    rules.add(state, kind, label, first, last)
  end
end

function commands.rules(called)
  local state = here(called)
  if state then rules.open(state) end
end

function commands.trust(called)
  local state = here(called)
  if state then rules.trust(state, called.force) end
end

function commands.reload(called)
  if here(called) then rules.reload() end
end

function commands.info(called) require "postil.vis.info".show(called.win) end

-- ---- the door -----------------------------------------------------------------------------------

local function names()
  local sorted = {}
  for name in pairs(commands) do sorted[#sorted + 1] = name end
  table.sort(sorted)
  return table.concat(sorted, ", ")
end

function M.run(argv, force, win)
  local name = argv[1] or "info"
  if not commands[name] then
    report.info(("there is no `:postil %s`; there are %s"):format(name, names()))
    return true
  end
  local words = {}
  for i = 2, #argv do words[i - 1] = argv[i] end
  commands[name] { name = name, words = words, force = force,
    win = list.origin(win) }
  return true
end

return M

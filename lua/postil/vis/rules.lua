-- rules.lua - rule files: opened, trusted, saved, reloaded, and written to.
--
--   rules.saving(path)  rules.saved(path)   a file is about to be saved, was saved
--   rules.found(state)                      says what is new since other rules took over
--   rules.reload()                          reads all rule files anew
--   rules.open(state)  rules.trust(state, at_once)
--   rules.turn_on(file, named)              texts.on; says what stands in the way, or what is left
--                                           out of the rules beside a text
--   rules.add(state, kind, label, first, last)   a statement for the rule file beside a text that
--                                           tags these bytes: kind is "term" or "pin"

local chosen = require "postil.chosen"
local diagnostics = require "postil.editor.diagnostics"
local list = require "postil.vis.list"
local notes = require "postil.editor.notes"
local own = require "postil.editor.own"
local postil = require "postil"
local report = require "postil.vis.report"
local sets = require "postil.editor.sets"
local texts = require "postil.vis.texts"
local visible = require "postil.visible"

local M = {}

local function short(path) return path:match "[^/]*$" end

-- ---- what changed -------------------------------------------------------------------------------

function M.found(state)
  local found = state.found
  state.found = nil
  if not found then return end
  local name = state.path and short(state.path) or "this file"
  if found.message then return report.info(name .. ": " .. found.message) end
  local sum = found.sum
  local words = ("+%d −%d"):format(sum.new, sum.gone)
  if (sum.changed or 0) > 0 then words = words .. (", %d changed"):format(sum.changed) end
  report.info(name .. ": " .. words)
end

local function state_of(text)
  for _, state in ipairs(texts.each()) do
    if state.text == text then return state end
  end
end

-- What is wrong, with its places: <Enter> goes there.
local function show_errors(title, message, records)
  local rows, lines = diagnostics.rows(records or {}), {}
  for i, row in ipairs(rows) do
    lines[i] = visible.line(("%s:%d: %s"):format(short(row.file), row.line, row.message))
  end
  if #rows == 0 then return report.info(title .. ": " .. message) end
  list.show("postil: " .. title, lines, function(n)
    list.open(rows[n].file, rows[n].line)
  end)
end

local function tell(result)
  for _, text in ipairs(result.buffers) do
    local state = state_of(text)
    if state then
      state.trouble, state.worked = nil, 0
      state.found = result.differences and result.differences[text] or state.found
      M.found(state)
    end
  end
  if result.untrusted then return report.info(result.untrusted.words) end
  if not result.message then return end
  show_errors("the rules stay as they were", result.message, result.errors or result.failures)
end

local function reload(path)
  for _, result in ipairs(sets.reload(path)) do tell(result) end
end

function M.reload()
  report.info "the rule files were read anew" -- what that led to is said in its place
  reload(nil)
end

-- ---- saving -------------------------------------------------------------------------------------

M.saving = own.writing

function M.saved(path)
  local ok, words = own.written(path)
  if not ok then report.info(words) end
  if #texts.each() > 0 then reload(path) end
end

-- ---- opening and trusting -----------------------------------------------------------------------

function M.open(state)
  local files = state.text:files()
  if #files == 0 and state.path then files[1] = chosen.beside(state.path) end
  if #files == 0 then return report.info "this text has no file beside which rules could be" end
  if #files == 1 then return list.open(files[1]) end
  local lines = {}
  for i, path in ipairs(files) do lines[i] = visible.line(path) end
  list.show("postil rules", lines, function(n) list.open(files[n]) end)
end

function M.trust(state, at_once)
  local path = state.path and chosen.beside(state.path)
  local source = path and postil.core.files.read(path)
  if not source then return report.info "no rule file lies beside this text" end
  if not postil.trust():refusal(path, source) then
    return report.info("trusted, as before: " .. path)
  end
  if not at_once then
    list.open(path)
    return report.info "these rules run when they are trusted: `:postil! trust` in the text"
  end
  local ok, words = postil.trust():add(path, source)
  if not ok then return report.info(words) end
  report.info("trusted: " .. ok)
  reload(path)
end

local function note_left_out(state)
  local untrusted, broken = state.text.untrusted, state.text.broken
  if untrusted then
    report.info(("see `:postil trust`: %s %s"):format(short(untrusted.path),
      untrusted.words:find "^changed" and "has changed" or "is not trusted"))
  elseif broken then
    show_errors(short(broken.path) .. " is left out", broken.words, broken.errors)
  end
end

function M.turn_on(file, named)
  local state, words, errors = texts.on(file, named)
  if not state then
    if errors then show_errors("the rules do not load", words, errors) else report.info(words) end
    return nil
  end
  note_left_out(state)
  return state
end

-- ---- writing ------------------------------------------------------------------------------------

local function is_being_changed(path)
  for file in vis:files() do
    if file.path == path and file.modified then return true end
  end
  return false
end

function M.add(state, kind, label, first, last)
  local own_path = notes.beside(state.text)
  if own_path and is_being_changed(own_path) then
    return report.info(own_path .. " has changes that are not saved")
  end
  local path, statement = notes.add(state.text, function(source, options)
    if kind == "term" then
      return notes.with_term(source, label, state.text:text(first, last), options)
    end
    return notes.with_pin(source, state.text:text(), first, last, label, options)
  end)
  if not path then return report.info(statement) end
  reload(path)
  report.info(short(path) .. ": " .. statement)
end

return M

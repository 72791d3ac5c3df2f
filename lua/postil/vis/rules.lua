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
--
-- A project's rule file that was trusted, or that was not there, and is saved in this editor is
-- trusted as it is then: the user has written it.

local chosen = require "postil.chosen"
local diagnostics = require "postil.editor.diagnostics"
local list = require "postil.vis.list"
local notes = require "postil.editor.notes"
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

local is_own = {} -- paths that will be trusted when they are saved

-- Content of a file; nil: it is not there.
local function read(path) return (postil.core.files.read(path)) end

function M.saving(path)
  is_own[path] = nil
  if not path:find "%.postil%.lua$" then return end
  local source = read(path)
  is_own[path] = not source or postil.trust():state(path, source) == "trusted"
end

local function trust(path, source)
  local ok, words = postil.trust():add(path, source)
  if not ok then report.info(words) end
  return ok
end

function M.saved(path)
  local source = is_own[path] and read(path)
  is_own[path] = nil
  if source then trust(path, source) end
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
  local source = path and read(path)
  if not source then return report.info "no rule file lies beside this text" end
  if not postil.trust():refusal(path, source) then
    return report.info("trusted, as before: " .. path)
  end
  if not at_once then
    list.open(path)
    return report.info "these rules run when they are trusted: `:postil! trust` in the text"
  end
  local ok = trust(path, source)
  if not ok then return end
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

-- The rule file that can be written to, and what it holds; or nil and words.
local function rule_file(state)
  if not state.path then return nil, "this text has no file beside which rules could be" end
  if state.text.rules then return nil, "this file has rules that were named, none beside it" end
  local path = notes.path(state.path)
  if is_being_changed(path) then return nil, path .. " has changes that are not saved" end
  local source, words = notes.read(path)
  return source and path, source or words
end

local function write(path, source)
  local file, words = io.open(path, "wb")
  if not file then return nil, words end
  local ok, why = file:write(source)
  local closed, at_end = file:close()
  if not ok or not closed then return nil, path .. ": " .. tostring(why or at_end) end
  return postil.trust():add(path, source)
end

function M.add(state, kind, label, first, last)
  local path, source = rule_file(state)
  if not path then return report.info(source) end
  local new, statement
  if kind == "term" then
    new, statement = notes.with_term(source, label, state.text:text(first, last), { path = path })
  else
    new, statement = notes.with_pin(source, state.text:text(), first, last, label, { path = path })
  end
  if not new then return report.info(statement) end
  local ok, words = write(path, new)
  if not ok then return report.info(words) end
  reload(path)
  report.info(short(path) .. ": " .. statement)
end

return M

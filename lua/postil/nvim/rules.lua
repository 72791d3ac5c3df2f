-- rules.lua - rule files while they are being written: saved, opened, trusted, reloaded.
--
--   rules.writing(path)  rules.written(path)    a file is about to be saved, was saved
--   rules.reload(state)                         reads all rule files anew
--   rules.found(state, found)                   other rules took over (editor/buffer.lua)
--   rules.open(state)  rules.trust(state, at_once)
--   rules.note_left_out(state)                  what could not be used of the rules beside a text

local chosen = require "postil.chosen"
local groups = require "postil.nvim.groups"
local marks = require "postil.nvim.rule_marks"
local nvim = require "postil.nvim"
local own = require "postil.editor.own"
local postil = require "postil"
local report = require "postil.nvim.report"
local sets = require "postil.editor.sets"
local work = require "postil.nvim.work"

local api = vim.api

local M = {}

-- ---- what changed -------------------------------------------------------------------------------

local function title(state)
  local name = api.nvim_buf_get_name(state.number)
  return name == "" and "this buffer" or vim.fn.fnamemodify(name, ":t")
end

-- "+3 −1, 2 changed"
local function sum_words(found)
  local sum = found.sum
  local words = ("+%d −%d"):format(sum.new, sum.gone)
  if (sum.changed or 0) > 0 then words = words .. (", %d changed"):format(sum.changed) end
  return words
end

function M.found(state, found)
  if found.message then
    return report.brief(title(state) .. ": " .. found.message, vim.log.levels.ERROR)
  end
  groups.prepare(state.text.set:labels())
  report.brief(title(state) .. ": " .. sum_words(found), vim.log.levels.INFO)
end

local function state_of(text)
  for _, state in ipairs(nvim.each()) do
    if state.text == text then return state end
  end
end

-- What a result of sets.reload says, and what is to be done after it.
local function tell(result)
  for _, text in ipairs(result.buffers) do
    local state = state_of(text)
    if state then
      local found = result.differences and result.differences[text]
      if found then M.found(state, found) end
      groups.prepare(text.set:labels())
      state.trouble = nil
      state.changes[#state.changes + 1] = { first = 1, last = text:text_size() }
      work.wake(state)
    end
  end
  if result.untrusted then return report.warn(result.untrusted.words) end
  if result.message then
    report.brief("the rules stay as they were: " .. result.message, vim.log.levels.ERROR)
  end
end

local function reload(path)
  local results = sets.reload(path)
  marks.show(results)
  local anything = false
  for _, result in ipairs(results) do
    tell(result)
    anything = anything or result.changed or result.message ~= nil
  end
  return anything
end

-- ---- saving -------------------------------------------------------------------------------------

M.writing = own.writing

function M.written(path)
  local ok, words = own.written(path)
  if not ok then report.error(words) end
  reload(path)
end

function M.reload(state)
  if not reload(nil) then report.info "no rule file has changed" end
  work.wake(state)
end

-- ---- opening and trusting -----------------------------------------------------------------------

-- Content of a file; nil: it is not there.
local function read(path) return (postil.core.files.read(path)) end

-- The rule file that lies beside a buffer's text, or would; nil: the text has no file.
local function beside(state)
  local name = api.nvim_buf_get_name(state.number)
  return name ~= "" and chosen.beside(name) or nil
end

local function edit(path) vim.cmd("split " .. vim.fn.fnameescape(path)) end

function M.open(state)
  if not state then return end
  local list = state.text:files()
  if #list == 0 then list[1] = beside(state) end
  if #list == 0 then return report.info "this text has no file beside which rules could be" end
  if #list == 1 then return edit(list[1]) end
  vim.ui.select(list, { prompt = "Rule file:" }, function(path) if path then edit(path) end end)
end

local function trust(path, source)
  if read(path) ~= source then return report.warn(path .. " has changed meanwhile") end
  local ok, words = postil.trust():add(path, source)
  if not ok then return report.error(words) end
  report.info("trusted: " .. ok)
  reload(path)
end

function M.trust(state, at_once)
  if not state then return end
  local path = beside(state)
  local source = path and read(path)
  if not source then return report.info "no rule file lies beside this text" end
  if not postil.trust():refusal(path, source) then
    return report.info("trusted, as before: " .. path)
  end
  if at_once then return trust(path, source) end
  edit(path)
  vim.ui.select({ "trust it", "not now" }, { prompt = "These rules run when they are trusted:" },
    function(_, number) if number == 1 then trust(path, source) end end)
end

local noted = {} -- words that were said

function M.note_left_out(state)
  local untrusted, broken = state.text.untrusted, state.text.broken
  local one = untrusted or broken
  if not one then return end
  if broken then marks.show { { errors = broken.errors } } end
  local name = vim.fn.fnamemodify(one.path, ":t")
  local words = name .. ": " .. one.words
  if untrusted then
    words = ("see `:Postil trust`: %s %s"):format(name,
      one.words:find "^changed" and "has changed" or "is not trusted")
  end
  if not noted[words] then report.brief(words, vim.log.levels.WARN) end
  noted[words] = true
end

return M

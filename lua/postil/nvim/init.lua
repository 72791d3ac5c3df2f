-- init.lua - postil in Neovim: which buffers it is on in, and what belongs to each.
--
--   local nvim = require "postil.nvim"
--   nvim.setup { filetypes = { "text" } }     the same as vim.g.postil = { ... }; not needed
--   nvim.on(number, rules)     -> state | nil, words      rules: nil, a name or path, or a list
--   nvim.turn_on(number, rules) the same, and says what stands in the way
--   nvim.off(number)
--   nvim.of(number)            -> its state, or nil
--   nvim.each()                all states
--
-- A state is { number=, options=, mirror= (sync.lua), text= (editor/buffer.lua), ... }.  Several
-- parts listen: nvim.listen(function(event, state) end) with "on", "off" (state.lost: the buffer is
-- unloaded) and "tagged".

local config = require "postil.nvim.config"
local editor = require "postil.editor.buffer"
local groups = require "postil.nvim.groups"
local paint = require "postil.nvim.paint"
local report = require "postil.nvim.report"
local sync = require "postil.nvim.sync"
local work = require "postil.nvim.work"

local api = vim.api

local M = {}

local states = {}    -- by number of the buffer
local listeners = {}

function M.listen(heard) listeners[#listeners + 1] = heard end

local function tell(event, state)
  for _, heard in ipairs(listeners) do heard(event, state) end
end

function M.of(number)
  if number == nil or number == 0 then number = api.nvim_get_current_buf() end
  return states[number]
end

function M.each()
  local list = {}
  for _, state in pairs(states) do list[#list + 1] = state end
  table.sort(list, function(a, b) return a.number < b.number end)
  return list
end

local function close(state)
  state.closed = true
  state.mirror:close()
  tell("off", state)
  state.text:close()
  states[state.number] = nil
end

-- The buffer was unloaded: by `:edit!`, which reads it again, or for good.
local function lost(state)
  if state.closed then return end
  state.lost = true
  close(state)
  local number, rules = state.number, state.rules
  vim.schedule(function()
    if not api.nvim_buf_is_loaded(number) or states[number] and not rules then return end
    M.turn_on(number, rules)
  end)
end

local function set_of_labels(list)
  if not list[1] then return nil end
  local labels = {}
  for _, label in ipairs(list) do labels[label] = true end
  return labels
end

-- A buffer has another name: other rules may lie beside it.
local function renamed(event)
  local state = states[event.buf]
  if not state then return end
  close(state)
  M.turn_on(event.buf, state.rules)
end

local function listen_to_neovim()
  local group = api.nvim_create_augroup("postil", { clear = true })
  api.nvim_create_autocmd("ColorScheme", { group = group, callback = groups.define })
  api.nvim_create_autocmd("BufFilePost", { group = group, callback = renamed })
  for event, name in pairs { BufWritePre = "writing", BufWritePost = "written" } do
    api.nvim_create_autocmd(event, { group = group, pattern = "*", callback = function(called)
      require "postil.nvim.rules"[name](called.match)
    end })
  end
end

local started

local function start()
  if started then return end
  started = true
  groups.define()
  listen_to_neovim()
  paint.start(M.of)
  require "postil.nvim.diagnostics".start(M)
  require "postil.nvim.complete".start(M)
end

-- Size of a buffer in bytes, as far as Neovim tells.
local function size_of(number)
  return api.nvim_buf_get_offset(number, api.nvim_buf_line_count(number))
end

local function too_large(number, options)
  local size = size_of(number)
  if size > options.max_size then
    return ("the buffer has %.1f MB, and more than %.1f MB are not tagged; "
      .. "vim.g.postil.max_size says how many bytes may be"):format(size / 1048576,
      options.max_size / 1048576)
  end
end

local function refusal(number, options)
  if not api.nvim_buf_is_loaded(number) then return "the buffer is not loaded" end
  return too_large(number, options)
end

local function open(state)
  local name = api.nvim_buf_get_name(state.number)
  return editor.open { text = "", path = name ~= "" and name or nil,
    rules = state.rules or state.options.rules, date = state.options.date }
end

-- After each piece of work.
local function heard(state, done)
  local found = state.found
  state.found = nil
  if found then require "postil.nvim.rules".found(state, found) end
  if done then tell("tagged", state) end
end

function M.on(number, rules)
  if number == 0 then number = api.nvim_get_current_buf() end
  local before = states[number]
  if before and not rules and not before.trouble then return before end
  local options = config.get()
  local words = refusal(number, options)
  if words then return nil, words end
  start()
  local state = { number = number, rules = rules, options = options, changes = {}, waiting = {},
    worked = 0, shown = set_of_labels(options.labels) }
  state.text, words = open(state)
  if not state.text then return nil, words end -- what was on goes on
  if before then close(before) end
  state.mirror = sync.attach(number, {
    changed = function()
      state.trouble = nil
      work.wake(state)
    end,
    gone = function() lost(state) end,
  })
  if not state.mirror then
    state.text:close()
    return nil, "Neovim does not tell what changes in this buffer"
  end
  state.heard = function(done) heard(state, done) end
  state.outgrown = function()
    M.off(number)
    report.warn(too_large(number, options))
  end
  states[number] = state
  groups.prepare(state.text.set:labels())
  tell("on", state)
  work.wake(state)
  work.draw(number)
  return state
end

function M.off(number)
  local state = M.of(number)
  if not state then return false end
  close(state)
  work.draw(state.number)
  return true
end

-- The same for the user: what stands in the way is said, and what was left out.
function M.turn_on(number, rules)
  local state, words = M.on(number, rules)
  if not state then return report.warn(words) end
  require "postil.nvim.rules".note_left_out(state)
  return state
end

-- A buffer of one of the file types that were chosen.
function M.on_filetype(number)
  if M.of(number) or not vim.tbl_contains(config.get().filetypes, vim.bo[number].filetype) then
    return
  end
  M.turn_on(number)
end

function M.setup(options)
  vim.g.postil = vim.tbl_extend("force", vim.g.postil or {}, options or {})
end

return M

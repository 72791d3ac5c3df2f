-- commands.lua - `:Postil`: what it does, and its completion.
--
--   commands.run(called)      as nvim_create_user_command hands it over
--   commands.complete(lead, line)
--
-- What needs the whole text tagged goes on when it is, and says so meanwhile; `:Postil!` does all
-- of it at once, as scripts want it.

local nvim = require "postil.nvim"
local report = require "postil.nvim.report"
local work = require "postil.nvim.work"

local api = vim.api

local M = {}

-- ---- helpers ------------------------------------------------------------------------------------

-- The state of this buffer; it is turned on if it is not.
local function here()
  return nvim.of(0) or nvim.turn_on(api.nvim_get_current_buf())
end

-- go(state) when this buffer has been tagged to its end.
local function whole(called, what, go)
  local state = here()
  if not state then return end
  if called.bang then work.catch_up(state, math.huge) end
  local window = api.nvim_get_current_win()
  work.when_done(state, what, function()
    if not api.nvim_win_is_valid(window) then return end
    if api.nvim_win_get_buf(window) ~= state.number then return end
    go(state, window)
  end)
end

-- All words behind the first as one.
local function rest(called) return table.concat(called.fargs, " ", 2) end

local function some(text) return text ~= "" and text or nil end

-- ---- subcommands --------------------------------------------------------------------------------

local commands = {}

function commands.on(called)
  local rules = { unpack(called.fargs, 2) }
  for i, name in ipairs(rules) do
    if name:find "[/~]" or name:find "%.lua$" then rules[i] = vim.fn.expand(name) end
  end
  local state = nvim.turn_on(api.nvim_get_current_buf(), rules[1] and rules or nil)
  if state and called.bang then work.catch_up(state, math.huge) end
end

function commands.off()
  if not nvim.off(0) then report.info "it is not on in this buffer" end
end

function commands.toggle(called)
  if nvim.of(0) then nvim.off(0) else commands.on(called) end
end

-- What is named at the cursor, else the word there; nil: nothing.
local function name_here()
  local state = nvim.of(0)
  return state and require "postil.nvim.keys".name_here(state) or some(vim.fn.expand "<cword>")
end

-- Subcommands that fill the location list.
for _, name in ipairs { "who", "names", "find", "list", "check" } do
  commands[name] = function(called)
    local asked = some(rest(called)) or name == "find" and name_here() or nil
    if name == "find" and not asked then
      return report.warn "say which name: `:Postil find NAME`"
    end
    whole(called, name, function(state, window)
      require "postil.nvim.lists".show(state, window, name, asked, called.bang)
    end)
  end
end

function commands.fix(called)
  whole(called, "fix", function(state)
    local first, last = 0, api.nvim_buf_line_count(state.number) - 1
    if called.range > 0 then first, last = called.line1 - 1, called.line2 - 1 end
    local n = require "postil.nvim.diagnostics".fix(state, first, last)
    report.info(n == 1 and "1 repair" or n .. " repairs")
  end)
end

function commands.next(called) require "postil.nvim.keys".next(some(rest(called))) end
function commands.previous(called) require "postil.nvim.keys".previous(some(rest(called))) end
function commands.partner() require "postil.nvim.keys".partner() end
function commands.hover() require "postil.nvim.keys".hover() end
function commands.why(called) require "postil.nvim.keys".why(called.bang) end

function commands.rules() require "postil.nvim.rules".open(here()) end
function commands.trust(called) require "postil.nvim.rules".trust(here(), called.bang) end

function commands.reload(called)
  local state = here()
  if not state then return end
  require "postil.nvim.rules".reload(state)
  if called.bang then work.catch_up(state, math.huge) end
end

for _, kind in ipairs { "term", "pin" } do
  commands[kind] = function(called)
    require "postil.nvim.keys".add_here(kind, some(rest(called)), called.range > 0)
  end
end

function commands.info() require "postil.nvim.info".show(nvim) end

-- ---- the door -----------------------------------------------------------------------------------

local function sorted()
  local list = vim.tbl_keys(commands)
  table.sort(list)
  return list
end

function M.run(called)
  local name = called.fargs[1]
  if not name then return commands.info() end
  if not commands[name] then
    return report.error(("there is no `:Postil %s`; there are %s"):format(name,
      table.concat(sorted(), ", ")))
  end
  commands[name](called)
end

local function beginning_with(list, lead)
  return vim.tbl_filter(function(one) return vim.startswith(one, lead) end, list)
end

-- Labels that the rules of this buffer know, without helpers.
local function labels()
  local state, list = nvim.of(0), {}
  for _, label in ipairs(state and state.text.set:labels() or {}) do
    if label:sub(1, 1) ~= "_" then list[#list + 1] = label end
  end
  table.sort(list)
  return list
end

-- Names of this buffer that begin with what was typed so far, which may have blanks in it: what is
-- behind the last blank.
local function names(line, lead)
  local state = nvim.of(0)
  if not state then return {} end
  local typed = line:match "Postil!?%s+%S+%s+(.*)$" or lead
  local list = {}
  for _, name in ipairs(require "postil.editor.complete".names(state.text, typed)) do
    list[#list + 1] = name.words:sub(#typed - #lead + 1)
  end
  return list
end

function M.complete(lead, line)
  local name = line:match "Postil!?%s+(%S+)%s"
  if not name then return beginning_with(sorted(), lead) end
  if name == "find" or name == "who" then return names(line, lead) end
  if name == "on" then
    local list = beginning_with({ "news" }, lead)
    return vim.list_extend(list, vim.fn.getcompletion(lead, "file"))
  end
  if name == "next" or name == "previous" or name == "list" or name == "names" or name == "term"
    or name == "pin" then
    return beginning_with(labels(), lead)
  end
  return {}
end

return M

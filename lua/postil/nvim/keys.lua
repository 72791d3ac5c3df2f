-- keys.lua - what the names for keys in plugin/postil.lua call, one short function each.
--
-- In operator-pending mode a key is an expression: it returns the keys that select or move, or
-- <Esc>, so that an operator has nothing to do where there is nothing.

local hover = require "postil.nvim.hover"
local nvim = require "postil.nvim"
local objects = require "postil.nvim.objects"
local report = require "postil.nvim.report"
local work = require "postil.nvim.work"

local api = vim.api

local M = {}

local PATIENCE = 100 -- milliseconds that a key waits for tags, at most

-- The state of this buffer, with what can be known by now, and the position of the cursor.
local function here()
  local state = nvim.of(0)
  if not state then
    report.info "it is not on in this buffer: `:Postil on`"
    return nil
  end
  work.catch_up(state, PATIENCE)
  local cursor = api.nvim_win_get_cursor(0)
  local first = state.mirror:first_of(cursor[1] - 1)
  if not first then
    report.info "this part of the text has not been read yet"
    return nil
  end
  return state, first + cursor[2]
end

local function keys_of(words) return api.nvim_replace_termcodes(words, true, true, true) end

-- find(state, position) -> a place, or nil and words; use(state, place) where there is one.
local function with(find, use)
  local state, position = here()
  if not state then return end
  local place, words = find(state, position)
  if not place then return report.info(words) end
  use(state, place)
end

-- What a call finds and uses, now; or, if an operator waits, as keys.
local kinds = {
  inner = { objects.inner, objects.select },
  around = { objects.around, objects.select },
  next = { objects.next, objects.go },
  previous = { objects.previous, objects.go },
  partner = { objects.partner, objects.go },
}

function M.now(kind, label)
  local count = vim.v.count1
  with(function(state, position)
    return kinds[kind][1](state, position, label ~= "" and label or nil, count)
  end, kinds[kind][2])
end

-- The same for an operator: it is left when nothing is there.
function M.pending(kind, label)
  local state, position = here()
  local wanted = label ~= "" and label or nil
  if not state or not kinds[kind][1](state, position, wanted, vim.v.count1) then
    return keys_of "<Esc>"
  end
  return keys_of(("<Cmd>lua require'postil.nvim.keys'.now('%s','%s')<CR>"):format(kind, label))
end

function M.next(label) M.now("next", label or "") end
function M.previous(label) M.now("previous", label or "") end
function M.partner() M.now("partner", "") end

function M.hover()
  local state, position = here()
  if state then hover.show(state, position) end
end

function M.why(opens)
  local state, position = here()
  if state then hover.why(state, position, opens) end
end

function M.fix()
  local state = here()
  if not state then return end
  local cursor = api.nvim_win_get_cursor(0)
  require "postil.nvim.diagnostics".fix_here(state, cursor[1] - 1, cursor[2])
end

-- What is named at the cursor, or nil.
function M.name_here(state)
  local cursor = api.nvim_win_get_cursor(0)
  local first = state.mirror:first_of(cursor[1] - 1)
  return first and objects.name_at(state, first + cursor[2])
end

-- ---- operators ----------------------------------------------------------------------------------

local asked = {} -- kind and, once it was chosen, label: a repetition asks no more

local function operator(kind)
  return function()
    asked = { kind = kind }
    vim.o.operatorfunc = "v:lua.require'postil.nvim.keys'.operate"
    return "g@"
  end
end

M.term, M.pin = operator "term", operator "pin"

-- Rows from 0, columns from 0, the last one inclusive.
local function add(state, kind, label, from, to)
  require "postil.nvim.notes".add(state, kind, label, from, to,
    function(chosen) asked.label = chosen end)
end

function M.operate()
  local state = here()
  if not state then return end
  local from, to = api.nvim_buf_get_mark(0, "["), api.nvim_buf_get_mark(0, "]")
  add(state, asked.kind, asked.label, { from[1] - 1, from[2] }, { to[1] - 1, to[2] })
end

-- From where a selection begins to where it ends, after visual mode was left.
local function selection()
  vim.cmd("normal! " .. keys_of "<Esc>")
  local from, to = api.nvim_buf_get_mark(0, "<"), api.nvim_buf_get_mark(0, ">")
  return { from[1] - 1, from[2] }, { to[1] - 1, to[2] }
end

function M.selected(kind)
  local from, to = selection()
  local state = here()
  if state then add(state, kind, nil, from, to) end
end

-- For `:Postil term LABEL`: what was selected, if a range says so; else the name or the word at the
-- cursor.
function M.add_here(kind, label, range)
  local state, position = here()
  if not state then return end
  if range then
    local from, to = api.nvim_buf_get_mark(0, "<"), api.nvim_buf_get_mark(0, ">")
    return add(state, kind, label, { from[1] - 1, from[2] }, { to[1] - 1, to[2] })
  end
  local from, to = objects.word_at(state, position)
  if not from then return report.info "no word stands here" end
  add(state, kind, label, from, to)
end

return M

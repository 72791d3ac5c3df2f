-- work.lua - work on a buffer in small pieces, between what the user does.
--
--   work.wake(state)                  there is something to do
--   work.catch_up(state, ms)          does it now, for so long at most; true: all is done
--   work.is_done(state)
--   work.draw(number)                 the windows of a buffer anew
--   work.when_done(state, what, f)    f() when all is done; until then `what` and how far it is
--
-- `state` is what init.lua keeps for a buffer: number, mirror (sync.lua), text (editor/buffer.lua),
-- options.  Stretches that are no longer what they were painted as are drawn again, if they are in
-- a window.

local report = require "postil.nvim.report"

local api, loop = vim.api, vim.loop

local M = {}

local READ = 65536   -- bytes that are brought over in a piece
local STEP = 1024    -- bytes that are tagged in a piece
local PAUSE = 1      -- milliseconds for others between two pieces
local TELL = 200     -- milliseconds between two words on how far it is

local function now() return loop.hrtime() / 1e6 end

local function redraw_rows(number, first, last)
  if api.nvim__redraw then
    api.nvim__redraw { buf = number, range = { first, last + 1 } }
  elseif api.nvim__buf_redraw_range then
    api.nvim__buf_redraw_range(number, first, last + 1)
  else
    vim.cmd "redraw!"
  end
end

function M.draw(number)
  if vim.fn.bufwinid(number) < 0 then return end
  redraw_rows(number, 0, api.nvim_buf_line_count(number) - 1)
end

-- The positions that a window shows, with as much around: it may have been scrolled since it was
-- drawn.  nil: they have not all been brought over.
local function positions_near(state, info)
  local count = api.nvim_buf_line_count(state.number)
  local top = math.max(0, info.topline - 1 - info.height)
  local bottom = math.max(info.botline, info.topline + info.height) + info.height
  return state.mirror:first_of(top), state.mirror:first_of(math.min(bottom, count))
end

-- The hull of the changes that lie near what a window shows.
local function hull_of(state, info, changes)
  local first, last = positions_near(state, info)
  local from, to
  for _, change in ipairs(changes) do
    if not first or not last or change.first <= last and change.last >= first - 1 then
      from = math.min(from or change.first, change.first)
      to = math.max(to or change.last, change.last)
    end
  end
  return from, to
end

-- Draws what has changed where a window shows it, and what could not be drawn before it was brought
-- over (state.unseen).  Speakers are called by names, and those may be others without any change
-- where they are shown.  Neovim leaves out a window if nothing of a range is in it, as far as it
-- knows by now: so a range begins at the top at least.
local function redraw(state)
  local changes = state.changes
  if state.unseen and not state.mirror:is_behind() then
    state.unseen = nil
    changes[#changes + 1] = { first = 1, last = state.mirror.size }
  end
  if #changes == 0 then return end
  if state.options.speakers then changes = { { first = 1, last = state.mirror.size } } end
  state.changes = {}
  for _, window in ipairs(vim.fn.win_findbuf(state.number)) do
    local info = vim.fn.getwininfo(window)[1]
    local from, to = hull_of(state, info, changes)
    if from then
      local first = state.mirror:row_of(from) or 0
      local last = state.mirror:row_of(to) or api.nvim_buf_line_count(state.number)
      redraw_rows(state.number, math.min(first, info.topline - 1), math.max(last, info.topline))
    end
  end
end

-- Nothing is done until the text is another, or the rules are.
local function fail(state, words)
  state.trouble = words
  if state.told_trouble ~= words then report.error(words) end
  state.told_trouble = words
end

-- One piece; true: all is done.
local function piece(state)
  local synced, words = state.mirror:flush(state.text, READ)
  if synced == nil then return nil, words end
  if not synced then return false end
  local done, changes, found = state.text:step(STEP)
  if done == nil then return nil, changes end
  if found then state.found = found end
  for _, change in ipairs(changes) do state.changes[#state.changes + 1] = change end
  state.worked = done and 0 or state.worked + STEP
  return done
end

function M.is_done(state) return not state.mirror:is_behind() and state.text.done end

function M.catch_up(state, ms)
  if state.trouble or state.closed then return false end
  local at = now()
  local stop = at + ms
  local done, took
  repeat
    local words
    done, words = piece(state)
    if done == nil then
      fail(state, words)
      return false
    end
    at, took = now(), now() - at
  until done or at + took > stop -- another would take too long
  return done
end

-- What waited for the end.
local function go_on(state)
  local waiting = state.waiting
  state.waiting = {}
  if #waiting > 0 then report.line "" end
  for _, one in ipairs(waiting) do one.go() end
end

-- How far it is, by the bytes that were worked at: more than the text has are wanted where one
-- thing leads to another.
local function percent(state)
  return math.floor(math.min(99, 100 * state.worked / math.max(1, state.mirror:total())))
end

local function tell(state)
  local waiting = state.waiting[1]
  if not waiting or now() - (state.told or 0) < TELL then return end
  state.told = now()
  report.line(("%s: tagging, %d %%"):format(waiting.what, percent(state)))
end

local function tick(state)
  state.awake = false
  if state.closed or not api.nvim_buf_is_loaded(state.number) then return end
  if state.mirror:is_behind() and state.mirror:total() > state.options.max_size then
    return state.outgrown()
  end
  local done = M.catch_up(state, state.options.step)
  redraw(state)
  if state.trouble then
    state.waiting = {}
    return
  end
  state.settled = done
  state.heard(done)
  if done then
    go_on(state)
  else
    tell(state)
    M.wake(state, PAUSE)
  end
end

function M.wake(state, pause)
  if state.awake or state.closed or state.trouble then return end
  state.awake = true
  if pause then
    vim.defer_fn(function() tick(state) end, pause)
  else
    vim.schedule(function() tick(state) end)
  end
end

function M.when_done(state, what, go)
  if state.trouble then return report.error(state.trouble) end
  if M.catch_up(state, state.options.step) then return go() end
  state.waiting[#state.waiting + 1] = { what = what, go = go }
  state.told = nil
  M.wake(state)
end

return M

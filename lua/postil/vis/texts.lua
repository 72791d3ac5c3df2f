-- texts.lua - the files that postil is on in: their text followed, and tagged in small pieces.
--
--   texts.on(file, rules)    -> state | nil, words, errors (postil.load); rules: nil, a name or
--                            path, or a list.  What was on goes on if others do not load
--   texts.off(file)          -> whether it was on
--   texts.of(file)           -> its state, or nil
--   texts.each()             all states
--   texts.closed(file)       vis has closed it: by `:e!`, which has read it again, or for good
--   texts.follow(state, win) brings over what was changed; with a window: of a long text what lies
--                            there (compare.lua)
--   texts.work(state, ms)    tags on for so long at most: whether all is done
--   texts.percent(state)     how far it is, about
--
-- A state is { file=, path=, rules=, options=, text= (editor/buffer.lua), trouble=, found= }.

local compare = require "postil.vis.compare"
local editor = require "postil.editor.buffer"
local report = require "postil.vis.report"

local M = {}

local WHOLE = 1048576 -- bytes of a text that is compared as a whole each time
local STEP = 2048     -- bytes that are tagged in a piece
local MB = 1048576

-- What the user may set; nothing has to be.
M.options = {
  labels = {},           -- shown; none named: all
  rules = nil,           -- instead of the usual ones
  date = nil,            -- that texts are of: "2026-03-14"
  max_size = 16 * MB,    -- bytes of a file
  step = 15,             -- milliseconds of work before a window is drawn
  patience = 1000,       -- the same for a command; `:postil!` goes on to the end
}

local states = {} -- by file: vis has one object for it as long as it is open

function M.of(file) return states[file] end

function M.each()
  local list = {}
  for _, state in pairs(states) do list[#list + 1] = state end
  return list
end

-- ---- the text -----------------------------------------------------------------------------------

local function too_large(file)
  if file.size <= M.options.max_size then return nil end
  return ("the file has %.1f MB, and more than %.1f MB are not tagged; the option max_size says "
    .. "how many bytes may be"):format(file.size / MB, M.options.max_size / MB)
end

-- First and last byte that a window shows.
function M.seen(win)
  local range = win.viewport
  if not range then return 1, 0 end
  range = range.bytes or range
  return range.start + 1, math.min(range.finish, win.file.size)
end

-- Nothing is done until the text is another, or the rules are; the same words are said once.
local function fail(state, words)
  if state.told ~= words then report.info(words) end
  state.trouble, state.told = words, words
end

function M.follow(state, win)
  local words = too_large(state.file)
  if words then
    M.off(state.file)
    return report.info(words)
  end
  local ok, other
  if win and state.file.size > WHOLE then
    ok, other = compare.around(state, M.seen(win))
  else
    ok, other = compare.all(state)
  end
  if not ok then return fail(state, other) end
  if other then state.worked, state.trouble = 0, nil end
end

-- ---- work ---------------------------------------------------------------------------------------

-- A piece that is likely to take longer than is left is not begun.
function M.work(state, ms)
  if state.closed or state.trouble then return false end
  local now, longest = os.clock(), 0
  local stop = now + ms / 1000
  local done
  repeat
    local changes, found
    done, changes, found = state.text:step(STEP)
    if done == nil then
      fail(state, changes)
      return false
    end
    state.worked = state.worked + STEP
    state.found = found or state.found
    local before = now
    now = os.clock()
    longest = math.max(longest, now - before)
  until done or now + longest > stop
  return done
end

function M.percent(state)
  return math.floor(math.min(99, 100 * state.worked / math.max(1, state.text:text_size())))
end

-- ---- on and off ---------------------------------------------------------------------------------

local function close(state)
  state.closed = true
  state.text:close()
  states[state.file] = nil
end

-- The labels that are shown as keys; nil: all.
local function set_of(labels)
  if not labels[1] then return nil end
  local set = {}
  for _, label in ipairs(labels) do set[label] = true end
  return set
end

function M.on(file, rules)
  local before = states[file]
  if before and not rules and not before.trouble then return before end
  local large = too_large(file)
  if large then return nil, large end
  local text, words, errors = editor.open { text = compare.content(file, 1, file.size),
    path = file.path, rules = rules or M.options.rules, date = M.options.date }
  if not text then return nil, words, errors end
  if before then close(before) end
  local state = { file = file, path = file.path, rules = rules, text = text, worked = 0,
    shown = set_of(M.options.labels) }
  states[file] = state
  return state
end

function M.off(file)
  local state = states[file]
  if not state then return false end
  close(state)
  return true
end

function M.closed(file)
  local state = states[file]
  if not state then return end
  close(state)
  for other in vis:files() do
    if other ~= file and state.path and other.path == state.path then M.on(other, state.rules) end
  end
end

return M

-- compare.lua - vis tells of no change, so its text is compared with what is known of it, and what
-- differs is brought over.
--
--   compare.all(state)                  all of it
--   compare.around(state, first, last)  of a long text what a window shows, bytes first to last,
--                                       with some around, and one piece further on each time
--                     both: true and whether the text was another; or nil, words
--   compare.content(file, first, last)  bytes of a file of vis
--
-- To compare all of a long text would take too long at each key.  What was typed lies where the
-- window is, and if it tells for all of the change in size there is no other change, but for one
-- that left the size elsewhere as it was; such a one is found when the next piece comes by, or by
-- `compare.all`.  A state has file and text (texts.lua), and looked: the byte up to which pieces
-- were compared.

local edited = require "postil.edited"

local M = {}

local PIECE = 65536 -- bytes that are compared at a time
local NEXT = 16384  -- of the piece that is looked at beside a window
local AROUND = 8192 -- on each side of it
local MARGIN = 1024 -- that must be as they were, between a change and what was not compared

function M.content(file, first, last)
  return last < first and "" or file:content(first - 1, last - first + 1)
end

-- ---- all ----------------------------------------------------------------------------------------

-- How many bytes are as they were, of `most`, at the beginning of the text or at its end.
local function unchanged(state, most, at_end)
  local size, old = state.file.size, state.text:text_size()
  local same = 0
  while same < most do
    local n = math.min(PIECE, most - same)
    local from = at_end and size - same - n or same
    local by = at_end and old - size or 0
    local new = M.content(state.file, from + 1, from + n)
    local known = state.text:text(from + by + 1, from + by + n)
    if new ~= known then
      local head, tail = edited.common(known, new)
      return same + (at_end and tail or head)
    end
    same = same + n
  end
  return same
end

function M.all(state)
  local size, old = state.file.size, state.text:text_size()
  local least = math.min(size, old)
  local head = unchanged(state, least, false)
  if head == size and size == old then return true, false end
  local tail = unchanged(state, least - head, true)
  local ok, words
  if head + tail < math.max(size, old) / 2 then
    ok, words = state.text:reset(M.content(state.file, 1, size))
  else
    ok, words = state.text:edit(head + 1, old - tail,
      M.content(state.file, head + 1, size - tail))
  end
  return ok, ok or words
end

-- ---- what is seen -------------------------------------------------------------------------------

-- The change that lies between some bytes of the file, if it lies there alone: first and last byte
-- of what is known, and what came in its place; nil: it cannot be told.  Nothing came in place of
-- nothing where there is none.
local function change_between(state, from, to)
  local size, old = state.file.size, state.text:text_size()
  local last = to - (size - old)
  if last < from - 1 or last > old then return nil end
  local new, known = M.content(state.file, from, to), state.text:text(from, last)
  local head, tail = edited.common(known, new)
  if head == #known and #new == #known then return from, from - 1, "" end
  if from > 1 and head < MARGIN or to < size and tail < MARGIN then return nil end
  return from + head, last - tail, new:sub(head + 1, #new - tail)
end

-- Whether the next piece is as it is known.
local function is_next_same(state)
  local size = state.file.size
  local from = (state.looked or 0) + 1
  if from > size then from = 1 end
  local to = math.min(size, from + NEXT - 1)
  state.looked = to
  return M.content(state.file, from, to) == state.text:text(from, to)
end

function M.around(state, first, last)
  local size = state.file.size
  if math.abs(size - state.text:text_size()) > AROUND then return M.all(state) end
  local from, to, content = change_between(state, math.max(1, first - AROUND),
    math.min(size, last + AROUND))
  if not from then return M.all(state) end
  local is_other = to >= from or content ~= ""
  if is_other then
    local ok, words = state.text:edit(from, to, content)
    if not ok then return nil, words end
  end
  if is_next_same(state) then return true, is_other end
  return M.all(state)
end

return M

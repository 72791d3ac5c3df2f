-- sync.lua - the text of a Neovim buffer, brought over to a text of postil's, change by change.
--
--   local mirror = sync.attach(number, { changed = function() ... end, gone = function() ... end })
--   mirror:flush(text, bytes)   brings over at most about so many bytes; true: the same now;
--                               nil, words: it cannot be done
--   mirror:first_of(row)        position of the first byte of a row
--   mirror:row_of(position)     its row and column
--   mirror:close()
--
-- `text` has edit(first, last, words), as editor/buffer.lua.  Rows and columns count from 0, as
-- Neovim's functions have them, positions from 1.  Each line has its newline, the last one, too.
--
-- Of line events only this is kept: how many lines at the beginning and at the end are as they were
-- brought over.  What lies between is read when it is wanted, in pieces: so the first reading, a
-- reload and `:%s` over a large text are nothing special, and many events are one edit.  Events of
-- Neovim are not all right (visual put, before 0.10): their lines are counted, and what is replaced
-- must have as many as they say; where that is not so all is read anew, and counted.  The bytes
-- that they tell of are no help, they are often wrong where the lines are right.

local edited = require "postil.edited"

local api = vim.api

local M = {}

local CHECKED = 262144 -- bytes that are replaced and checked
local TRIMMED = 131072 -- bytes that are replaced and compared with what comes instead
local NEAR = 32 -- rows around the one that was asked for before

local Mirror = {}
Mirror.__index = Mirror

-- Offset of the first byte of a row in the buffer; of the row behind the last one, its size.
local function offset_of(number, row, count)
  if row < count then return math.max(0, api.nvim_buf_get_offset(number, row)) end
  local last = api.nvim_buf_get_lines(number, count - 1, count, false)[1] or ""
  return math.max(0, api.nvim_buf_get_offset(number, count - 1)) + #last + 1
end

-- The last row that begins at an offset or before it.  `near`: a row that may be close to it.
local function row_at(number, offset, count, near)
  local low, high = math.max(0, near - NEAR), math.min(count - 1, near + NEAR)
  if offset_of(number, low, count) > offset then low, high = 0, low end
  if offset_of(number, high + 1, count) <= offset then low, high = high, count - 1 end
  while low < high do
    local middle = math.floor((low + high + 1) / 2)
    if offset_of(number, middle, count) <= offset then low = middle else high = middle - 1 end
  end
  return low
end

-- All is to be read anew.
local function forget(self)
  self.head, self.tail = 0, 0
  self.lines = api.nvim_buf_line_count(self.number)
  self.old = nil
end

local function note(self, first, last, new_last)
  local count = api.nvim_buf_line_count(self.number)
  if not self.head then self.old = self.lines end
  self.head = math.min(self.head or first, first)
  local tail = count > 1 and count - new_last or 0 -- of no lines at all an empty one is left
  self.tail = math.max(0, math.min(self.tail or count, tail))
  self.lines = math.max(1, self.lines + new_last - last)
end

function M.attach(number, heard)
  local self = setmetatable({ number = number, size = 0, resyncs = 0 }, Mirror)
  forget(self)
  local attached = api.nvim_buf_attach(number, false, {
    on_lines = function(_, _, _, first, last, new_last)
      if self.closed then return true end
      note(self, first, last, new_last)
      heard.changed()
    end,
    on_reload = function()
      if self.closed then return true end
      forget(self)
      heard.changed()
    end,
    on_detach = function()
      if not self.closed then heard.gone() end
    end,
  })
  return attached and self or nil
end

function Mirror:close() self.closed = true end

-- Whether something is still to be brought over.
function Mirror:is_behind() return self.head ~= nil end

-- How many bytes the buffer has.
function Mirror:total()
  local count = api.nvim_buf_line_count(self.number)
  return offset_of(self.number, count, count)
end

-- Offset where what is to be brought over begins, the row behind it, and how many bytes there are
-- of what stood there; nil where that makes no sense.
local function stretch(self, count, total)
  local first = offset_of(self.number, self.head, count)
  local stop = count - self.tail
  local old = self.size - first - (total - offset_of(self.number, stop, count))
  if stop < self.head or old < 0 then return nil end
  return first, stop, old
end

-- Whether what is replaced has the lines that events told of.  Not asked of very much, nor of what
-- was replaced in part.
local function is_right(self, text, first, old)
  local lines = self.old and self.old - self.tail - self.head
  if not lines or old > CHECKED then return true end
  local words = text:text(first + 1, first + old)
  local _, n = words:gsub("\n", "")
  return n == lines and (old == 0 or words:sub(-1) == "\n")
end

-- Puts words in place of so many bytes behind an offset.  What is the same in both stays, so that
-- of a long line less is tagged anew; in a very long one a small edit takes longer than a large.
local function replace(text, offset, gone, words)
  local head, tail = 0, 0
  if gone <= TRIMMED and #words <= TRIMMED then
    local before = text:text(offset + 1, offset + gone)
    if before == words then return true end
    head, tail = edited.common(before, words)
  end
  return text:edit(offset + head + 1, offset + gone - tail, words:sub(head + 1, #words - tail))
end

function Mirror:flush(text, bytes)
  if not self.head then return true end
  local number, count = self.number, api.nvim_buf_line_count(self.number)
  local total = offset_of(number, count, count)
  local first, stop, old
  if count == self.lines then first, stop, old = stretch(self, count, total) end
  if not first or not is_right(self, text, first, old) then
    self.resyncs = self.resyncs + 1
    forget(self)
    first, stop, old = stretch(self, count, total)
  end
  local to = math.max(self.head + 1, row_at(number, first + bytes, count, self.head))
  to = math.min(to, stop)
  local words = ""
  if to > self.head then
    words = table.concat(api.nvim_buf_get_lines(number, self.head, to, false), "\n") .. "\n"
  end
  local gone = math.min(old, to < stop and #words or math.max(bytes, #words))
  local ok, why = replace(text, first, gone, words)
  if not ok then return nil, why end
  self.size, self.head, self.old = self.size + #words - gone, to, nil
  if to < stop or gone < old then return false end
  self.head, self.tail = nil, nil
  return true
end

-- Position of the first byte of a row; nil: it has not been brought over, or is none.
function Mirror:first_of(row)
  local count = api.nvim_buf_line_count(self.number)
  if row > count then return nil end
  local at = offset_of(self.number, row, count)
  if not self.head or row <= self.head then return at + 1 end
  if row < count - self.tail then return nil end
  return self.size - (offset_of(self.number, count, count) - at) + 1
end

-- Row and column of a position; nil where what stands there has not been brought over.
function Mirror:row_of(position)
  local number, count = self.number, api.nvim_buf_line_count(self.number)
  local at = position - 1
  if self.head and at >= offset_of(number, self.head, count) then
    local total = offset_of(number, count, count)
    at = at - self.size + total
    if at < offset_of(number, count - self.tail, count) then return nil end
  end
  local row = row_at(number, at, count, self.near or 0)
  self.near = row
  return row, at - offset_of(number, row, count)
end

return M

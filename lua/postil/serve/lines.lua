-- lines.lua - lines and columns of a buffer as its editor counts them: a line ends at a line feed
-- and nowhere else, columns are bytes, code points or units of UTF-16.
--
--   local lines = Lines.new(buffer, unit)
--   lines:place(byte)            line, column; the byte behind the last one has a place, too
--   lines:byte(line, column)     nil, words: the text has no such place
--   lines:start_of(line)         its first byte; the text's end if there is no such line
--   lines:count()                how many lines; a text of no bytes has one

local UNITS = { byte = "bytes", char = "chars", utf16 = "utf16" }

local MOST = 2 ^ 52
local BEHIND = "lies behind the end of its line"

local Lines = {}
Lines.__index = Lines

function Lines.new(buffer, unit)
  return setmetatable({ buffer = buffer, unit = UNITS[unit] }, Lines)
end

function Lines:place(byte)
  local line, bytes, chars, units = self.buffer.doc:place(byte)
  if self.unit == "bytes" then return line, bytes end
  return line, self.unit == "chars" and chars or units
end

function Lines:start_of(line) return self.buffer.doc:offset(line, 1) end

function Lines:count()
  local line, column = self:place(self.buffer:text_size() + 1)
  return column == 1 and line > 1 and line - 1 or line
end

-- The byte of a place in a line that there is; of bytes also one inside of a character: an edit may
-- make another of it.  nil, words.
local function byte_in(self, line, column)
  local doc = self.buffer.doc
  local stop = doc:offset(line, MOST)
  if self.unit == "bytes" then
    local byte = self:start_of(line) + column - 1
    return byte <= stop and byte or nil, BEHIND
  end
  local byte = doc:offset(line, column, self.unit)
  local _, at = self:place(byte)
  if at == column then return byte end
  return nil, byte == stop and BEHIND or "lies inside of a character"
end

function Lines:byte(line, column)
  if self:place(self:start_of(line)) < line then
    return nil, ("lies behind the last line, %d"):format(self:count())
  end
  return byte_in(self, line, column)
end

return Lines

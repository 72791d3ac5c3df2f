-- lines.lua - lines and columns of a text as its editor counts them: a line ends at a line feed and
-- nowhere else, columns are bytes, code points or units of UTF-16.
--
--   local lines = Lines.new(read, size, unit)   read(first, last) -> bytes of the text
--   lines:place(byte)            line, column; the byte behind the last one has a place, too
--   lines:byte(line, column)     nil, words: the text has no such place
--   lines:count()                how many lines; a text of no bytes has one
--   lines:edit(first, last, n)   n bytes have come in place of these: read knows them already
--
-- doc:place is not asked, for postil ends lines as Unicode does: no editor counts them so.
--
-- The text is cut into pieces that know how far they move a place; where they begin is known up to
-- the first one that an edit has changed.

local PIECE = 8192 -- bytes; one of twice as many is cut

local Lines = {}
Lines.__index = Lines

-- How many columns some bytes of one line take up.
local function width(bytes, unit)
  if unit == "byte" or not bytes:find "[\128-\255]" then return #bytes end
  local n = #bytes:gsub("[\128-\191]+", "")
  if unit == "char" then return n end
  local _, pairs_of_units = bytes:gsub("[\240-\247]", "")
  return n + pairs_of_units
end

-- How far some bytes move a place: line feeds in them, and columns behind the last one.
local function measure(bytes, unit)
  local n, last, at = 0, 0, bytes:find("\n", 1, true)
  while at do
    n, last, at = n + 1, at, bytes:find("\n", at + 1, true)
  end
  return n, width(last > 0 and bytes:sub(last + 1) or bytes, unit)
end

local function moved(byte, from, lines, columns)
  return { byte = byte, line = from.line + lines,
    column = lines > 0 and columns + 1 or from.column + columns }
end

-- Where a character begins, at a byte of the text or a few before it.
local function boundary(self, byte)
  local before, back = self.read(byte - 3, byte), 0
  while back < 3 and before:find("^[\128-\191]", #before - back) do back = back + 1 end
  return byte - back
end

-- The pieces that `size` bytes from `first` are cut into.
local function cut(self, first, size)
  local list, at, stop = {}, first, first + size
  while stop - at > 2 * PIECE do
    local behind = boundary(self, at + PIECE)
    list[#list + 1], at = { size = behind - at }, behind
  end
  list[#list + 1] = { size = stop - at }
  return list
end

function Lines.new(read, size, unit)
  local self = setmetatable({ read = read, unit = unit, size = size }, Lines)
  self.starts, self.known = { { byte = 1, line = 1, column = 1 } }, 1
  self.pieces = cut(self, 1, size)
  return self
end

-- ---- pieces -------------------------------------------------------------------------------------

-- Makes known where one more piece begins.
local function know_more(self)
  local start, piece = self.starts[self.known], self.pieces[self.known]
  if not piece.lines then
    local bytes = self.read(start.byte, start.byte + piece.size - 1)
    piece.lines, piece.columns = measure(bytes, self.unit)
  end
  self.known = self.known + 1
  self.starts[self.known] = moved(start.byte + piece.size, start, piece.lines, piece.columns)
end

-- The last piece that does not begin behind what is sought.
local function find(self, is_behind)
  while self.known < #self.pieces and not is_behind(self.starts[self.known]) do know_more(self) end
  local low, high = 1, self.known + 1
  while high - low > 1 do
    local middle = math.floor((low + high) / 2)
    if is_behind(self.starts[middle]) then high = middle else low = middle end
  end
  return low
end

local function piece_at(self, byte)
  return find(self, function(start) return start.byte > byte end)
end

function Lines:edit(first, last, n)
  local i = piece_at(self, first)
  local start, size, count = self.starts[i].byte, n - (last - first + 1), 0
  repeat
    size, count = size + self.pieces[i + count].size, count + 1
  until start + size + last - first + 1 - n > last or not self.pieces[i + count]
  self.size = self.size + n - (last - first + 1)
  self.known, self.near = i, nil
  local new = cut(self, start, size)
  if #new == count then
    for k = 1, count do self.pieces[i + k - 1] = new[k] end
    return
  end
  local list = {}
  for k = 1, i - 1 do list[k] = self.pieces[k] end
  for _, piece in ipairs(new) do list[#list + 1] = piece end
  for k = i + count, #self.pieces do list[#list + 1] = self.pieces[k] end
  self.pieces = list
end

-- ---- places -------------------------------------------------------------------------------------

function Lines:place(byte)
  local near = self.near
  if not near or near.byte > byte or byte - near.byte > PIECE then
    near = self.starts[piece_at(self, byte)]
  end
  if near.byte < byte then
    near = moved(byte, near, measure(self.read(near.byte, byte - 1), self.unit))
  end
  self.near = near
  return near.line, near.column
end

function Lines:count()
  local line, column = self:place(self.size + 1)
  return column == 1 and line > 1 and line - 1 or line
end

-- Goes on by so many columns in bytes[at, stop): where that is; nil, words.
local function go(bytes, at, stop, columns, unit)
  if unit == "byte" or not bytes:sub(at, stop - 1):find "[\128-\255]" then
    return at + columns <= stop and at + columns or nil, "lies behind the end of its line"
  end
  while columns > 0 do
    if at >= stop then return nil, "lies behind the end of its line" end
    local lead = bytes:byte(at)
    columns = columns - (unit == "utf16" and lead >= 240 and 2 or 1)
    at = at + (lead < 128 and 1 or lead < 224 and 2 or lead < 240 and 3 or 4)
  end
  if columns < 0 then return nil, "lies inside of a character" end
  return at
end

function Lines:byte(line, column)
  local i = find(self, function(start)
    return start.line > line or start.line == line and start.column > column
  end)
  local start = self.starts[i]
  local bytes = self.read(start.byte, start.byte + self.pieces[i].size - 1)
  local row, first, at = start.line, start.column, 1
  while row < line do
    local feed = bytes:find("\n", at, true)
    if not feed then
      return nil, ("lies behind the last line, %d"):format(self:count())
    end
    row, first, at = row + 1, 1, feed + 1
  end
  local stop = bytes:find("\n", at, true) or #bytes + 1
  local found, words = go(bytes, at, stop, column - first, self.unit)
  return found and start.byte + found - 1, words
end

return Lines

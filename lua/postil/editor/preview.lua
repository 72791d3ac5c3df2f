-- preview.lua - a few paragraphs of a long text, tagged as a text of their own, to be shown until
-- the tags of the whole are there.
--
--   local preview = Preview.open(set, doc, size, first, last)   around these bytes; nil: no memory
--   preview.first, preview.last      its stretch of the text: at most 64 kB
--   preview.ready                    it has been tagged to its end, once at least
--   preview:step(bytes)              -> changes: all of it once it is ready, as tags come and go
--                                    while it follows an edit; or nil, words
--   preview:edit(first, last, text)  -> whether it could follow; if not it is worth nothing
--   preview.done                     nothing is left to do

local MOST = 65536 -- bytes of a preview
local MARGIN = 4096 -- looked through for the beginning and the end of a paragraph, on each side

local Preview = {}
Preview.__index = Preview

-- Where a paragraph begins in text[1, most], else a line, else a character.
local function first_start(text, most)
  for _, pattern in ipairs { "\n[ \t\r]*\n+()", "[\r\n]()" } do
    local at = text:match(pattern)
    if at and at <= most then return at end
  end
  return math.min(text:match "^[\128-\191]*()", most)
end

-- Where the last paragraph ends in text[least, #text], else the last line, else a character.
local function last_end(text, least)
  for _, pattern in ipairs { "^.*()\n[ \t\r]*\n", "^.*()[\r\n]" } do
    local at = text:match(pattern)
    if at and at >= least then return at end
  end
  return text:match "()[\192-\255]?[\128-\191]*$" - 1
end

-- Which bytes to take: what is wanted, and the paragraphs that it begins and ends in.
local function choose(doc, size, first, last)
  last = math.min(last, first + MOST - 2 * MARGIN - 1, size)
  local from, to = math.max(1, first - MARGIN), math.min(size, last + MARGIN)
  if from > 1 then from = from + first_start(doc:text(from, first), first - from + 1) - 1 end
  if to < size then to = last + last_end(doc:text(last + 1, to), 0) end
  return from, to
end

function Preview.open(set, doc, size, first, last)
  local options = doc:options()
  options.edits = true
  local from, to = choose(doc, size, first, last)
  local own = set:open(doc:text(from, to), options)
  return own and setmetatable({ first = from, last = to, doc = own, done = false, ready = false },
    Preview)
end

function Preview:step(bytes)
  local done, words = self.doc:run(bytes)
  if done == nil then return nil, words end
  self.done, self.ready = done, self.ready or done
  return self.ready and { { first = self.first, last = self.last } } or {}
end

function Preview:edit(first, last, text)
  local by = #text - (last - first + 1)
  if first > self.last + 1 then return true end
  if last < self.first - 1 then
    self.first, self.last = self.first + by, self.last + by
    return true
  end
  if first < self.first or last > self.last then return false end
  if self.last - self.first + 1 + by > MOST then return false end
  if not self.doc:splice(first - self.first + 1, last - self.first + 1, text) then return false end
  self.last, self.done = self.last + by, false
  return true
end

function Preview:close() self.doc:close() end

return Preview

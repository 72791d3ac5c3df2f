-- report.lua - what is wrong with rule files, for people and for programs.
--
--   report(errors, source_of)  ->  nil, all in words, records { file=, line=, column=, message=,
--                                  excerpt=, text= }
--
-- `errors` are as env.lua collects them, with the way to their place; source_of(file) gives the
-- source of a file.  They come in the order of their files, by line.  An error of Lua itself has
-- its line as the excerpt of its record, not among the words.

local excerpt = require "postil.excerpt"
local place = require "postil.place"

-- The place inside a string that no literal shows is told under the string itself.
local function built(e, found)
  return e.text and not (found and found.exact) and #e.text > 0 and
    excerpt.text(e.text, math.min(e.at or 0, #e.text - 1) + 1)
end

-- Gives a record its place and its excerpt.
local function put_place(e, source)
  local found = e.call and place.of(source, e)
  if found then
    e.line, e.column = found.line, found.column
    e.excerpt = excerpt.draw(source, e.line, e.column, found.width)
  else
    e.excerpt, e.column = excerpt.of(source, e.line, e.message)
  end
  local own = built(e, found)
  if own then e.excerpt = (e.excerpt and e.excerpt .. "\n" or "") .. own end
end

local function in_order(errors)
  local rank, n = {}, 0
  for i, e in ipairs(errors) do
    if not rank[e.file] then
      n = n + 1
      rank[e.file] = n
    end
    e.number = i
  end
  table.sort(errors, function(a, b)
    if a.file ~= b.file then return rank[a.file] < rank[b.file] end
    if a.line ~= b.line then return (a.line or 0) < (b.line or 0) end
    if a.column ~= b.column then return (a.column or 0) < (b.column or 0) end
    return a.number < b.number
  end)
end

-- An error as programs see it.
local function record_of(e)
  local head = e.file:gsub("[%z\1-\31\127]", "?") .. (e.line and ":" .. e.line or "")
  return { file = e.file, line = e.line, column = e.column, message = e.message,
    excerpt = e.excerpt, text = e.text_only or head .. ": " .. e.message }
end

return function(errors, source_of)
  local lines, records, told = {}, {}, {}
  for _, e in ipairs(errors) do
    local source = e.line and source_of(e.file)
    if source then put_place(e, source) end
  end
  in_order(errors)
  for _, e in ipairs(errors) do
    local record = record_of(e)
    local words = record.text .. "\n" .. (e.call and e.excerpt or "")
    if not told[words] then -- a loop says the same again
      told[words] = true
      records[#records + 1] = record
      lines[#lines + 1] = record.text
      lines[#lines + 1] = e.call and e.excerpt or nil
    end
  end
  return nil, table.concat(lines, "\n"), records
end

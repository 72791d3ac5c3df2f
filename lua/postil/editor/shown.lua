-- shown.lua - what a buffer has tagged, as an editor shows it: the tags of its document and, while
-- that is not done, instead of them those of previews where there are some.
--
--   shown.spans(buffer, first, last, label)
--   shown.tags(buffer, first, last, label)

local tags = require "postil.editor.tags"

local M = {}

-- The documents that tell of bytes first to last: { doc=, first=, last=, by=, over= }, each for its
-- stretch, its places to be moved on by so many bytes; `over` is the preview that it belongs to.
-- What one before has a stretch of is not for those behind it.
local function tellers(buffer, first, last)
  local list = {}
  for _, one in ipairs(buffer.done and {} or buffer.previews) do
    if one.ready and one.first <= last and one.last >= first then
      list[#list + 1] = { doc = one.doc, first = math.max(first, one.first),
        last = math.min(last, one.last), by = one.first - 1, over = one }
    end
  end
  list[#list + 1] = { doc = buffer.doc, first = first, last = last, by = 0 }
  return list
end

-- Whether one before the n-th tells of what stands at first to last.
local function is_told(list, n, first, last)
  for i = 1, n - 1 do
    if first <= list[i].over.last and last >= list[i].over.first then return true end
  end
  return false
end

-- By place, longer ones first, else as they are.
local function sort(list)
  local order = {}
  for i, one in ipairs(list) do order[one] = i end
  table.sort(list, function(a, b)
    if a.first ~= b.first then return a.first < b.first end
    if a.last ~= b.last then return a.last > b.last end
    return order[a] < order[b]
  end)
end

function M.spans(buffer, first, last, label)
  local list, all, out = tellers(buffer, first, last), {}, {}
  if #list == 1 then return buffer.doc:spans(label, first, last) end
  for i, one in ipairs(list) do
    local spans = one.doc:spans(label, one.first - one.by, one.last - one.by)
    for k = 1, #spans, 3 do
      local span = { first = spans[k] + one.by, last = spans[k + 1] + one.by,
        number = spans[k + 2] }
      if not is_told(list, i, span.first, span.last) then all[#all + 1] = span end
    end
  end
  sort(all)
  for i, span in ipairs(all) do
    out[3 * i - 2], out[3 * i - 1], out[3 * i] = span.first, span.last, span.number
  end
  return out
end

function M.tags(buffer, first, last, label)
  local list, all = tellers(buffer, first, last), {}
  for i, one in ipairs(list) do
    for tag in one.doc:each(label, one.first - one.by, one.last - one.by) do
      if not is_told(list, i, tag.first + one.by, tag.last + one.by) then
        all[#all + 1] = tags.copy(one.doc, tag, one.by)
      end
    end
  end
  if #list > 1 then sort(all) end
  return all
end

return M

-- rows.lua - the messages of a text by place, kept right while it changes without asking for all of
-- them again: edits move them, and only lines that are no longer what was told are asked about.
--
--   rows.new(most, list): kept           so many at most; list: those that are shown until then
--   rows.edited(kept, edit): bool        the process is told of an edit: lines [first, behind) are
--                                        [first, now_behind) in its version.  Have rows moved?
--   rows.changed(kept, spans, version, count)   it tells what has changed, of a text of `count`
--                                        lines
--   rows.seen(kept, version)             it tells no more of what was before that
--   rows.forget(kept)                    all must be asked about
--   rows.due(kept): due                  { first, last }: lines to ask about; rows.ALL; nil: none
--   rows.take(kept, due, new, total, count): bool   what stands in them, the first of `total` rows.
--                                        Are others to be shown?  nil: that is old already
--
-- Kept: list, rows by place; more, whether there are rows behind the last of them, which nobody
-- wants to know of; due; edits, of which the process may not know yet when it tells of lines.

if not import then return end -- Neovim comes by here

rows = { ALL = { first = 1, last = math.huge } }

function rows.new(most, list)
  return { most = most, list = list or {}, due = rows.ALL, edits = {} }
end

-- ---- what is to be asked about ------------------------------------------------------------------

local function add_due(kept, first, last)
  local due = kept.due
  if due == rows.ALL then return end
  if due and due.first <= first and due.last >= last then return end
  kept.due = due and { first = math.min(due.first, first), last = math.max(due.last, last) }
    or { first = first, last = last }
end

-- Where a line is once an edit was made: of what is no more the first line that came for it, or the
-- last.
local function moved(line, edit, is_last)
  if line < edit.first then return line end
  if line >= edit.behind then return line + edit.now_behind - edit.behind end
  return is_last and math.max(edit.first, edit.now_behind - 1) or edit.first
end

function rows.edited(kept, edit)
  kept.edits[#kept.edits + 1] = edit
  local due = kept.due
  if due and due ~= rows.ALL then
    kept.due = { first = moved(due.first, edit), last = moved(due.last, edit, true) }
  end
  add_due(kept, edit.first, math.max(edit.first, edit.now_behind - 1))
  if edit.behind == edit.now_behind then return false end
  local have_moved = false
  for _, row in ipairs(kept.list) do
    local span = row.span
    if span[3] >= edit.first then
      span[1], span[3], have_moved = moved(span[1], edit), moved(span[3], edit, true), true
    end
  end
  return have_moved
end

function rows.seen(kept, version)
  local later = {}
  for _, edit in ipairs(kept.edits) do
    if edit.version > version then later[#later + 1] = edit end
  end
  kept.edits = later
end

function rows.changed(kept, spans, version, count)
  rows.seen(kept, version)
  for _, span in ipairs(spans) do
    local first, last = span[1], span[3]
    if span[4] == 1 then last = math.max(first, last - 1) end
    for _, edit in ipairs(kept.edits) do
      first, last = moved(first, edit), moved(last, edit, true)
    end
    if first == 1 and last >= count then rows.forget(kept) else add_due(kept, first, last) end
  end
end

function rows.forget(kept) kept.due = rows.ALL end

-- Behind the last row nothing is due if that is not all; when half of them are gone all is.
function rows.due(kept)
  if not kept.more or kept.due == rows.ALL then return kept.due end
  if #kept.list < kept.most / 2 then
    kept.due = rows.ALL
  elseif kept.due then
    local first, last = kept.due.first, kept.list[#kept.list].span[1]
    if first > last then
      kept.due = nil
    elseif kept.due.last > last then
      kept.due = { first = first, last = last }
    end
  end
  return kept.due
end

-- ---- what is there ------------------------------------------------------------------------------

-- Is something of a row in these lines?  What is empty is where it begins.
local function is_in(span, first, last)
  return span[1] <= last
    and (span[1] >= first or span[3] > first or span[3] == first and span[4] > 1)
end

local function is_before(one, two)
  if one[1] ~= two[1] then return one[1] < two[1] end
  return one[2] <= two[2]
end

-- Two lists by place as one, no more than `most` of them; and whether that is all.
local function merge(a, b, most)
  local list, i, k = {}, 1, 1
  while #list < most and (a[i] or b[k]) do
    if not b[k] or a[i] and is_before(a[i].span, b[k].span) then
      list[#list + 1], i = a[i], i + 1
    else
      list[#list + 1], k = b[k], k + 1
    end
  end
  return list, not a[i] and not b[k]
end

function rows.take(kept, due, new, total, count)
  if kept.due ~= due then return nil end
  kept.due = nil
  if due == rows.ALL then
    kept.list, kept.more = new, total > #new
    return true
  end
  local last = due.last >= count and math.huge or due.last -- the end of the text, too
  local stop = kept.more and kept.list[#kept.list].span[1] or math.huge
  local wanted, old, others = {}, {}, {}
  for _, row in ipairs(new) do
    if row.span[1] <= stop then wanted[#wanted + 1] = row end
  end
  for _, row in ipairs(kept.list) do
    local list = is_in(row.span, due.first, last) and old or others
    list[#list + 1] = row
  end
  if #old + #wanted == 0 then return false end
  local list, is_all = merge(others, wanted, kept.most)
  kept.list, kept.more = list, kept.more or not is_all or total > #new
  return true
end

-- speakers.lua - who said it, as virtual text behind a quotation.
--
--   speakers.add(state, rows, marks)   adds a mark to the row in which a quotation ends; of several
--                                      in a row by the same speaker only one

local visible = require "postil.visible"

local M = {}

-- A speaker as it is shown; nil: none known.
local function words_of(state, speaker)
  if type(speaker) == "string" then return speaker end
  if type(speaker) ~= "table" then return nil end
  return speaker.name or state.text:text(speaker.first, speaker.last)
end

local function row_of(rows, position)
  for i = #rows, 1, -1 do
    if rows[i].first <= position then return rows[i] end
  end
end

function M.add(state, rows, marks)
  local from, to = rows[1].first, rows[#rows].first + rows[#rows].size
  for _, tag in ipairs(state.text:tags(from, to, "quote")) do
    local words = (tag.depth or 0) == 0 and tag.last <= to and words_of(state, tag.speaker)
    local row = words and row_of(rows, tag.last)
    if row and words ~= row.speaker then
      marks[row.row] = marks[row.row] or {}
      table.insert(marks[row.row], { words = "‹" .. visible.line(words) .. "›" })
      row.speaker = words
    end
  end
end

return M

-- place.lua - FILE:LINE:COL on the command line.
--
--   place.settle(values, files)   takes the place and an optional label from the files, which then
--                                 hold the file alone; nil, words when they are none
--   place.find(doc, place, unit)  the byte, from 1; nil when the text has no such place

local M = {}

-- A name may hold colons, so the numbers are split off from the right.
local function split(argument)
  local file, line, column = argument:match "^(.+):(%d+):(%d+)$"
  line, column = tonumber(line), tonumber(column)
  local good = file and line >= 1 and column >= 1 and line < 2 ^ 53 and column < 2 ^ 53
  return good and { file = file, line = line, column = column, words = argument } or nil
end

function M.settle(values, files)
  if #files == 0 then return nil, "why needs FILE:LINE:COL" end
  if #files > 2 then return nil, "why takes one FILE:LINE:COL and one LABEL" end
  values.place = split(files[1])
  if not values.place then
    return nil, files[1] .. ": a place is FILE:LINE:COL, with numbers from 1"
  end
  values.place.label = files[2]
  files[1], files[2] = values.place.file, nil
  return true
end

function M.find(doc, place, unit)
  local at = doc:offset(place.line, place.column, unit or "bytes")
  local line, bytes, chars, utf16 = doc:place(at)
  local column = unit == "chars" and chars or unit == "utf16" and utf16 or bytes
  local text_end = doc:text():find("^[\r\n]", at) or at > #doc:text()
  if line ~= place.line or text_end and column < place.column then return nil end
  return at
end

return M

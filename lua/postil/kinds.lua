-- kinds.lua - which labels name somebody or something.
--
--   kinds.names(label)    whether a tag of this label is a name; false for quotations, the parts of
--                         an article, and values such as dates and money
--   kinds.joined(labels)   those of a list that are and are no helpers, as one: "org|person"

local M = {}

local NO_NAME = { quote = true, headline = true, dateline = true, teaser = true, date = true,
  time = true, money = true, percent = true, quantity = true }

function M.names(label) return not NO_NAME[label] end

function M.joined(labels)
  local list = {}
  for _, label in ipairs(labels) do
    if M.names(label) and label:sub(1, 1) ~= "_" then list[#list + 1] = label end
  end
  return table.concat(list, "|")
end

return M

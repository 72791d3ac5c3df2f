-- kinds.lua - which labels name somebody or something.
--
--   kinds.names(label)    whether a tag of this label is a name; false for quotations, the parts of
--                         an article, and values such as dates and money

local M = {}

local NO_NAME = { quote = true, headline = true, dateline = true, teaser = true, date = true,
  time = true, money = true, percent = true, quantity = true }

function M.names(label) return not NO_NAME[label] end

return M

-- styles.lua - the one table of how labels look on a terminal, and POSTIL_COLORS that overrides it.
--
-- A style is the numbers of an SGR sequence, as in GREP_COLORS:
-- POSTIL_COLORS='person=1;35:quote=3'. Only the sixteen colours of the terminal are used, none of
-- them near white or black, so that both light and dark backgrounds show them.  The attribute tells
-- as much as the colour:
--   italic: what somebody said      bold and underlined: persons      underlined: other names
--   bold: values and headlines      dim: what postil adds, and text that is not the article's
--   reverse: faults and control characters

local M = {}

-- In the order of the legend.
local DEFAULT = {
  { "quote", "3;32" },
  { "person", "1;4;35" }, { "org", "4;34" },
  { "place", "4;36" }, { "country", "4;36" }, { "city", "4;36" }, { "region", "4;36" },
  { "facility", "4;36" }, { "nationality", "4;36" },
  { "event", "4;33" }, { "treaty", "4;33" }, { "law", "4;33" }, { "vessel", "4;33" },
  { "product", "4;33" },
  { "date", "1;34" }, { "time", "1;34" }, { "money", "1;32" }, { "percent", "1;32" },
  { "quantity", "1;32" },
  { "headline", "1" }, { "dateline", "2" }, { "teaser", "2" },
  { "speaker", "2" },
  { "fault", "7;31" }, { "control", "7" }, { "file", "35" }, { "line", "32" }, { "match", "1;31" },
  { "new", "32" }, { "gone", "31" }, { "changed", "33" },
}
-- A label that no line above names.
local OTHER = "4"

-- Styles by label and the order of the legend.  spec: POSTIL_COLORS or nil.  Third result: what in
-- spec makes no sense, or nil; the rest of spec counts all the same.
function M.read(spec)
  local styles, order, bad = {}, {}, nil
  for i, pair in ipairs(DEFAULT) do styles[pair[1]], order[i] = pair[2], pair[1] end
  for item in (spec or ""):gmatch "[^:]+" do
    local label, numbers = item:match "^([%l_][%l%d_]*)=([%d;]*)$"
    if label then styles[label] = numbers else bad = bad or item end
  end
  return setmetatable(styles, { __index = function() return OTHER end }), order, bad
end

return M

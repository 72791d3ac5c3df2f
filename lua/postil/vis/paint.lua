-- paint.lua - draws what is tagged in the part of a file that a window shows.
--
--   paint.draw(state, win)      whenever vis draws a window
--   paint.styles                what the user says of kinds and labels, over what a theme says
--   paint.can(win)              whether this vis lets plugins define styles
--
-- In vis a later style replaces an earlier one.  So tags that lie in one another are cut into
-- pieces, and each piece has a style of its own that says what all tags around it say, the inner
-- one last: a name in a quotation is underlined and italic.

local kinds = require "postil.kinds"
local texts = require "postil.vis.texts"

local M = {}

-- Styles are shared with the lexer, which takes them from 0 on.
local LAST_ID, MOST = 63, 24

-- Kinds: an attribute, and the style of a theme whose colour it takes.
local KINDS = {
  said = { "italics", "STRING" },
  named = { "underlined", "TYPE" },
  value = { "bold", "NUMBER" },
  heading = { "bold", "KEYWORD" },
  aside = { "italics", "COMMENT" },
}

local KIND_OF = { quote = "said", headline = "heading", dateline = "aside", teaser = "aside" }

M.styles = {}

function M.can(win) return win.style_define ~= nil end

local function kind_of(label)
  return KIND_OF[label] or kinds.names(label) and "named" or "value"
end

-- What a theme, or the user in its place, calls STYLE_NAME; nil: nothing, or nothing that is plain.
local function of_theme(name)
  local style = vis.lexers and vis.lexers["STYLE_" .. name]
  return type(style) == "string" and style or nil
end

local function of_kind(kind)
  local attribute, colour = KINDS[kind][1], of_theme(KINDS[kind][2]) or ""
  colour = colour:match "fore:[^,]+"
  return colour and colour .. "," .. attribute or attribute
end

-- The style of a label: as chosen for it, as chosen for its kind, as it comes.
local function style_of(label)
  local kind = kind_of(label)
  return M.styles[label] or of_theme("POSTIL_" .. label:upper())
    or M.styles[kind] or of_theme("POSTIL_" .. kind:upper()) or of_kind(kind)
end

-- Pieces of spans that lie in one another, by place: calls put(first, last, style).
local function flatten(state, spans, put)
  local open, at, styles = {}, 1, {}
  local function piece(last)
    if at <= last then put(at, last, open[#open].style) end
    at = math.max(at, last + 1)
  end
  local function close(before)
    while open[1] and open[#open].last < before do
      piece(open[#open].last)
      open[#open] = nil
    end
  end
  for i = 1, #spans, 3 do
    local first, label = spans[i], state.text:label(spans[i + 2])
    if label:sub(1, 1) ~= "_" and (not state.shown or state.shown[label]) then
      close(first)
      if open[1] then piece(first - 1) end
      at = math.max(at, first)
      styles[label] = styles[label] or style_of(label)
      local outer, style = open[#open] and open[#open].style, styles[label]
      if outer and outer ~= style then style = outer .. "," .. style end
      open[#open + 1] = { last = spans[i + 1], style = style }
    end
  end
  close(math.huge)
end

-- The number of a style in a window that is being drawn.  More than there are numbers for are not
-- on one screen, but for a text that was made for it: they are left plain.
local function number_of(win, ids, style)
  if not ids[style] and ids.n < MOST then
    ids[style] = LAST_ID - ids.n
    ids.n = ids.n + 1
    win:style_define(ids[style], style)
  end
  return ids[style]
end

function M.draw(state, win)
  if not M.can(win) then return end
  local first, last = texts.seen(win)
  if last < first then return end
  local ids = { n = 0 }
  flatten(state, state.text:spans(first, last) or {}, function(from, to, style)
    local id = number_of(win, ids, style)
    if id then win:style(id, math.max(from, first) - 1, math.min(to, last) - 1) end
  end)
end

return M

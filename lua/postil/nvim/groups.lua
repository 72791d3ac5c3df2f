-- groups.lua - highlight groups: one for each label, a link to one of five kinds, which have an
-- attribute each beside a colour of the user's scheme.  So a name in a quotation shows both.
--
--   groups.of(label)         "PostilPerson"; its link is made if it has none
--   groups.prepare(labels)   the same for those of a rule set: not while a window is drawn
--   groups.define()          the kinds and known labels, again after each colour scheme
--
-- All are defaults: what a colour scheme or the user says of them wins.

local api = vim.api

local M = {}

-- Kinds: attribute, and the group whose colours it takes.
local KINDS = {
  PostilSaid = { "italic", "String" },
  PostilNamed = { "underline", "Identifier" },
  PostilValue = { "bold", "Number" },
  PostilHeading = { "bold", "Title" },
  PostilAside = { "italic", "Comment" },
}

local LINKS = { quote = "PostilSaid", headline = "PostilHeading", dateline = "PostilAside",
  teaser = "PostilAside", date = "PostilValue", time = "PostilValue", money = "PostilValue",
  percent = "PostilValue", quantity = "PostilValue" }

local known = {} -- group by label

-- Names of groups are letters, digits and underscores: so are labels.
local function name_of(label)
  return "Postil" .. label:gsub("_+(%w)", string.upper):gsub("^%l", string.upper)
end

local function link(label)
  api.nvim_set_hl(0, known[label], { link = LINKS[label] or "PostilNamed", default = true })
end

-- Colours of a group, as nvim_set_hl takes them.
local function colours(group)
  if api.nvim_get_hl then
    local hl = api.nvim_get_hl(0, { name = group, link = false })
    return { fg = hl.fg, ctermfg = hl.ctermfg }
  end
  local found = {}
  for mode, key in pairs { gui = true, cterm = false } do
    local ok, hl = pcall(api.nvim_get_hl_by_name, group, key)
    if ok and mode == "gui" then found.fg = hl.foreground end
    if ok and mode == "cterm" then found.ctermfg = hl.foreground end
  end
  return found
end

function M.define()
  for kind, how in pairs(KINDS) do
    local hl = colours(how[2])
    hl.default, hl[how[1]], hl.cterm = true, true, { [how[1]] = true }
    api.nvim_set_hl(0, kind, hl)
  end
  api.nvim_set_hl(0, "PostilSpeaker", { link = "PostilAside", default = true })
  for label in pairs(known) do link(label) end
end

function M.of(label)
  if not known[label] then
    known[label] = name_of(label)
    link(label)
  end
  return known[label]
end

function M.prepare(labels)
  for _, label in ipairs(labels) do
    if label:sub(1, 1) ~= "_" then M.of(label) end
  end
end

return M

-- paint_test.lua - what is drawn: after each change the screen is what it is when all is drawn anew;
-- in folds, long lines, several windows.  BATCHES says how many random changes.

local t = dofile(vim.env.TESTS .. "/support.lua")
local nvim = require "postil.nvim"
local work = require "postil.nvim.work"
local api = vim.api

vim.o.columns, vim.o.lines = 60, 24
vim.o.laststatus, vim.o.statusline, vim.o.ruler = 0, " ", false

-- The attributes of the screen, row by row, without the last one, which has messages.
local function screen()
  local rows = {}
  for row = 1, vim.o.lines - 1 do
    local cells = {}
    for column = 1, vim.o.columns do
      cells[column] = vim.fn.screenchar(row, column) .. ":" .. vim.fn.screenattr(row, column)
    end
    rows[row] = table.concat(cells, " ")
  end
  return rows
end

-- A row in words, what is drawn in brackets.
local function shown(cells)
  local words, before = {}, "0"
  for char, attribute in cells:gmatch "(%-?%d+):(%d+)" do
    if attribute ~= before then words[#words + 1] = "[" .. attribute .. "]" end
    before = attribute
    words[#words + 1] = vim.fn.nr2char(math.max(32, char))
  end
  return table.concat(words)
end

-- What differs, in words.
local function difference(seen, wanted)
  local list = {}
  for row, cells in ipairs(wanted) do
    if seen[row] ~= cells then
      list[#list + 1] = ("row %d: %s, not %s"):format(row, shown(seen[row]), shown(cells))
    end
  end
  return list
end

-- The text of a screen, without the speakers.  Neovim itself does not always scroll to the same lines
-- when all is drawn anew: then there is nothing to compare.
local function text_of(rows)
  local list = {}
  for i, cells in ipairs(rows) do
    list[i] = shown((cells:gsub(":%d+", ":0"))):gsub("‹[^›]*›?", ""):gsub("%s+$", "")
  end
  return list
end

-- When all is done and what changed was drawn.
local function quiet(state)
  return work.is_done(state) and not state.awake and #state.changes == 0
end

local function attributes(row)
  local list = {}
  for column = 1, vim.o.columns do list[column] = vim.fn.screenattr(row, column) end
  return list
end

-- ---- random changes -----------------------------------------------------------------------------

math.randomseed(tonumber(vim.env.SEED) or 1)
local random = math.random
local function pick(list) return list[random(#list)] end

local WORDS = { "“", "”", "Mr. Bo Lund", "Lund", "said", "Edda Falk", ". ", "he said.", "on Monday", ",", "x",
  "Nils Orre", "$3 million", "The ferry", "‘", "’" }
local function words()
  local list = {}
  for i = 1, random(1, 5) do list[i] = pick(WORDS) end
  return table.concat(list, " ")
end
local changes = {
  function(row) api.nvim_buf_set_lines(0, row, row + 1, false, { words() }) end,
  function(row) api.nvim_buf_set_lines(0, row, row, false, { words(), "" }) end,
  function(row) api.nvim_buf_set_lines(0, row, row + 1, false, {}) end,
  function(row) t.at(row + 1, 1) t.keys("A" .. words() .. "<Esc>") end,
  function(row) t.at(row + 1, 1) t.keys "x" end,
  function(row) t.at(row + 1, 1) t.keys(pick { "dd", "yyp", "J", "o<Esc>", "u", "<C-r>" }) end,
  function() t.keys(pick { "u", "<C-r>", "<C-e>", "<C-y>", "G", "gg" }) end,
}

local lines
local compared = 0
local function change_and_compare(speakers, batches)
  vim.g.postil = { speakers = speakers, diagnostics = false }
  lines = {}
  for i = 1, 60 do lines[i] = i % 2 == 0 and "" or words() end
  t.open(table.concat(lines, "\n"))
  vim.cmd "split | redraw!"
  local state = t.on()
  for number = 1, batches do
    for _ = 1, random(1, 3) do pick(changes)(random(0, api.nvim_buf_line_count(0) - 1)) end
    vim.cmd "redraw" -- as Neovim does before it waits for anything
    vim.wait(5000, function() return quiet(state) end, 1)
    vim.cmd "redraw"
    local seen = screen()
    vim.cmd "redraw!"
    local wanted = screen()
    local same = vim.deep_equal(text_of(seen), text_of(wanted))
    compared = compared + (same and 1 or 0)
    local found = same and difference(seen, wanted) or {}
    if not t.eq(("change %d is drawn"):format(number), found, {}) then return end
  end
end
local half = math.ceil((tonumber(vim.env.BATCHES) or 2000) / 20)
change_and_compare(false, half)
change_and_compare(true, half)
t.ok("most could be compared", compared > half)
vim.cmd "only"

-- ---- folds --------------------------------------------------------------------------------------

local QUOTE = "“We paid,” said Mr. Bo Lund."
lines = {}
for i = 1, 3000 do lines[i] = "" end
lines[1], lines[2998] = QUOTE, QUOTE
t.open(table.concat(lines, "\n"))
t.on()
vim.cmd "3,2990fold | redraw!"
local first, folded
for row = 1, 12 do
  local words_there = {}
  for column = 1, 9 do words_there[column] = vim.fn.nr2char(vim.fn.screenchar(row, column)) end
  if table.concat(words_there) == "“We paid,” said" or words_there[1] == "“" then
    if first then folded = row else first = row end
  end
end
t.ok("a line behind a closed fold is on the screen", folded)
if folded then t.eq("and drawn like one before it", attributes(folded), attributes(first)) end

-- ---- long lines ---------------------------------------------------------------------------------

t.open(("x "):rep(200) .. QUOTE .. (" y"):rep(100000) .. QUOTE)
t.on()
vim.cmd "redraw!"
local kinds = {}
for row = 1, 10 do
  for _, one in ipairs(attributes(row)) do kinds[one] = true end
end
t.ok("a long line is drawn", vim.tbl_count(kinds) >= 3)

-- ---- two buffers, off ---------------------------------------------------------------------------

t.open(QUOTE)
local number = api.nvim_get_current_buf()
vim.cmd "redraw!"
local plain = attributes(1)
t.on()
vim.cmd "redraw"
t.ok("on: drawn", not vim.deep_equal(attributes(1), plain))
nvim.off(number)
vim.cmd "redraw"
t.eq("off: not any more", attributes(1), plain)

-- A colour scheme that is chosen later has our groups, too; what the user says stays.
t.on()
vim.cmd "hi clear | colorscheme desert"
t.ok("after a colour scheme", api.nvim_get_hl_by_name("PostilSaid", true).italic)
vim.cmd "hi PostilSaid gui=bold | colorscheme default"
t.eq("group of an unknown label", require "postil.nvim.groups".of "fishing_boat", "PostilFishingBoat")
t.eq("is a link", vim.fn.synIDattr(vim.fn.synIDtrans(vim.fn.hlID "PostilFishingBoat"), "name"), "PostilNamed")
t.finish()

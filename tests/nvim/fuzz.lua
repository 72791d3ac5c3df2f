-- fuzz.lua - random keys and edits; after each batch the text that postil has is the buffer's, and
-- what is tagged is what a new document of it has.  BATCHES says how many, SEED which.

local t = dofile(vim.env.TESTS .. "/support.lua")
local api = vim.api

local batches = tonumber(vim.env.BATCHES) or 2000
local seed = tonumber(vim.env.SEED) or 1
math.randomseed(seed)
local random = math.random
local function pick(list) return list[random(#list)] end

local WORDS = { "Edda Falk", "Mr. Bo Lund", "Orre", "“No,”", "said", "“", "”", "(", "the ferry", "é",
  "\0", "…", "on Monday", "$3 million", "", "Nils Orre", "x", "a b c", "he said.", "‘", "\r" }
local function line()
  local words = {}
  for i = 1, random(0, 6) do words[i] = pick(WORDS) end
  return table.concat(words, " ")
end
local function lines(n)
  local list = {}
  for i = 1, random(0, n) do list[i] = line() end
  return list
end

local KEYS = { "dd", "ddG", "Gdd", "yyp", "P", "p", "viwp", "vapp", "Vp", "vjp", "dap", "diw", "dw",
  "c2wq<CR>r<Esc>", "S<Esc>", "cc“Aye,” said Bo Lund.<Esc>", "oMr. Bo Lund<Esc>", "O”<Esc>", "J", "gJ",
  "~", "x", "3x", "D", "A”<Esc>", "I“<Esc>", "i<CR><CR><Esc>", "i<BS><BS><Esc>", "ggdG", "u", "u", "u",
  "<C-r>", "<C-r>", "g-", "g+", "yG", "ggVGy", "yap", "yw", "V3jd", "<C-v>jd", "<C-v>2jlcxy<Esc>", ">>",
  "<lt><lt>", "gUU", "rq", "Rabc<Esc>", "ddp", "ddkP", "3J", "5dd", ".", ".", "guap", "gqap", "xp",
  "o<Esc>u<C-r>", "i<C-u><C-w><Esc>", "yyGp", "d}", "d{", "c}x<Esc>", "gp", "]p", "vgq" }
local COMMANDS = { "%s/ /  /ge", "%s/a/b/ge", "s/$/\\r/e", "%s/\\n\\n/\\r/e", "m0", "m$", "1m.", "t.", "t0",
  "g/said/d", "g/./m0", "g/Orre/t.", "v/a/d", "g/^$/d", "%!cat", ".!tr a-z A-Z", "%!sort", "undo 0",
  "earlier 3", "later 2", "earlier 1f", "%d", "%j", "$d", "1d", "put", "0put", "%norm A.", "g/Falk/norm dw",
  "retab", "%s/“\\|”//ge", "undo", "redo", "sort", "%>", "r ferry.txt", "normal! ggdGu", "checktime" }

local function write(name, list)
  local file = assert(io.open(name, "wb"))
  file:write(table.concat(list, "\n"), "\n")
  file:close()
end

local function places(count)
  local first = random(0, count)
  return first, math.min(count, first + random(0, 4))
end

local edits = {
  function() pcall(t.keys, pick(KEYS)) end,
  function() pcall(t.keys, pick(KEYS)) end,
  function() pcall(t.keys, random(4) .. pick(KEYS)) end,
  function() pcall(vim.cmd, "silent! " .. pick(COMMANDS)) end,
  function()
    local first, last = places(api.nvim_buf_line_count(0))
    pcall(api.nvim_buf_set_lines, 0, first, last, false, lines(4))
  end,
  function()
    local list = t.lines()
    local row = random(#list)
    local column = random(0, #list[row])
    local more = #lines(2) > 0 and { "“x", "y”" } or { "z" }
    pcall(api.nvim_buf_set_text, 0, row - 1, column, row - 1, #list[row], more)
  end,
  function()
    local list = t.lines()
    t.at(random(#list), 1)
    pcall(t.keys, random(9) .. "l")
  end,
}

local function mutate()
  if random(60) == 1 then return pcall(vim.cmd, "silent! edit!") end
  if random(60) == 1 then
    write("fuzz.txt", lines(8))
    return pcall(vim.cmd, "silent! checktime")
  end
  pick(edits)()
end

-- What stands in a batch is not kept: a failure names its number, and the seed finds it again.
local postil = require "postil"
local nvim = require "postil.nvim"

vim.o.autoread = true
vim.o.swapfile = false
vim.o.undolevels = 200
write("ferry.txt", { "“It is late,” said Edda Falk.", "", "Mr. Bo Lund did not answer." })
write("fuzz.txt", { "“It is late,” said Edda Falk." })
api.nvim_create_autocmd("FileChangedShell", { callback = function()
  vim.v.fcs_choice = random(4) == 1 and "" or "reload"
end })
vim.cmd "edit fuzz.txt"
local state = assert(nvim.on(0))
t.settle(state)
local fresh = postil.load "news"
local mirrors, resyncs = {}, 0

local function same(number)
  state = nvim.of(0)
  if not state then
    vim.wait(1000, function() return nvim.of(0) ~= nil end, 1)
    state = nvim.of(0)
    if not state then return "it is off" end
  end
  mirrors[state.mirror] = true
  -- Sometimes only after several batches, or when the editor has drawn.
  if number % 3 == 0 then vim.cmd "redraw!" end
  if number % 7 == 0 then return end
  -- Or when a part has been brought over, as of a large text.
  if number % 5 == 0 then
    assert(state.mirror:flush(state.text, random(200)) ~= nil)
    return
  end
  t.settle(state)
  local text = t.text()
  if state.text:text() ~= text then return "the text differs" end
  if state.mirror.size ~= #text then return "the size differs" end
  local doc = fresh:tag(text) -- nil: with zeros it looks like UTF-16
  local spans = not doc or vim.deep_equal(doc:spans(), state.text:spans(1, #text))
  if doc then doc:close() end
  if not spans then return "the spans differ" end
  local row = random(0, api.nvim_buf_line_count(0) - 1)
  local at = state.mirror:first_of(row)
  local back, column = state.mirror:row_of(at)
  if back ~= row or column ~= 0 then return "the places differ" end
end

for number = 1, batches do
  for _ = 1, random(1, 6) do mutate() end
  t.keys "<Esc>"
  if api.nvim_buf_line_count(0) > 150 then api.nvim_buf_set_lines(0, 60, -1, false, {}) end
  local ok, words = pcall(same, number)
  t.eq(("seed %d, batch %d"):format(seed, number), words or not ok and "?" or nil, nil)
  if t.failed > 5 then break end
end
for mirror in pairs(mirrors) do resyncs = resyncs + mirror.resyncs end
io.stdout:write(("%d batches, read anew %d times\n"):format(batches, resyncs))
t.finish()

-- sync_test.lua - a buffer's text in postil: at first, after each kind of change, when it is large.

local t = dofile(vim.env.TESTS .. "/support.lua")
local nvim = require "postil.nvim"
local work = require "postil.nvim.work"
local api = vim.api

local TEXT = "“It is late,” said Edda Falk.\n\nMr. Bo Lund did not answer.\n"

local function same(name, state)
  t.settle(state)
  t.eq(name, state.text:text(), t.text(state.number))
  local fresh = state.text.set:tag(t.text(state.number))
  t.eq(name .. ": spans", state.text:spans(1, #t.text(state.number)), fresh:spans())
  t.eq(name .. ": never read anew", state.mirror.resyncs, 0)
end

-- ---- changes ------------------------------------------------------------------------------------

t.open(TEXT)
local state = t.on()
same("at first", state)
t.ok("something is tagged", #state.text:spans(1, #TEXT) > 0)
t.keys "ggOBo Lund was late, too.<Esc>"
same("a line above", state)
t.keys "Gdd"
same("the last line goes", state)
t.keys "u"
same("undo", state)
vim.cmd "silent %s/e/é/g"
same("all lines changed", state)
vim.cmd "silent undo | redo | undo"
same("undo and redo", state)
t.keys "ggdG"
same("nothing is left", state)
t.keys "u"
same("all is back", state)
t.keys "ggyiwGviwp"
same("visual put", state)
vim.cmd "1m$"
same("a line moves", state)
vim.cmd "silent g/Lund/t."
same("copies", state)
vim.cmd "silent %!cat"
same("a filter", state)
vim.bo.fileformat = "dos"
same("line ends do not count", state)

api.nvim_buf_set_lines(0, 0, -1, false, { "“Aye” \0 said Mr. Bo Lund.", "\255\254 Edda Falk", "" })
same("zeros and bad bytes", state)

-- Events that are wrong: whatever is missed, the text is read anew.
state.mirror.lines = state.mirror.lines + 3
t.keys "ggx"
t.settle(state)
t.eq("lost lines are noticed", state.text:text(), t.text())
t.eq("and counted", state.mirror.resyncs, 1)

-- ---- places -------------------------------------------------------------------------------------

t.open "ab\né\n\nc"
state = t.on()
t.eq("of rows", { state.mirror:first_of(0), state.mirror:first_of(1), state.mirror:first_of(2),
  state.mirror:first_of(3), state.mirror:first_of(4) }, { 1, 4, 7, 8, 10 })
t.eq("rows", { state.mirror:row_of(5) }, { 1, 1 })
t.eq("a line end", { state.mirror:row_of(3) }, { 0, 2 })
t.eq("behind the last row", state.mirror:first_of(5), nil)

-- What is not brought over yet has no place; what stands around it has.
t.keys "2GA”<Esc>"
t.eq("above", state.mirror:first_of(1), 4)
t.eq("below", { state.mirror:row_of(8) }, { 3, 0 })

-- ---- reload, detach -----------------------------------------------------------------------------

local function write(words)
  local file = assert(io.open("note.txt", "wb"))
  file:write(words)
  file:close()
end
write(TEXT)
vim.cmd "silent edit note.txt"
state = t.on()
write(TEXT .. "More.\n")
vim.cmd "set autoread | silent checktime"
t.ok("the file was read again", #t.lines() == 4)
same("reload", state)
t.keys "ggdd"
vim.cmd "silent edit!"
t.wait("on again after :edit!", function() return nvim.of(0) ~= nil end)
same(":edit!", nvim.of(0))
t.ok("another state", nvim.of(0) ~= state)
local number = api.nvim_get_current_buf()
vim.cmd "enew | silent bwipeout! note.txt"
t.eq("a buffer that is gone", nvim.of(number), nil)
vim.wait(20)
t.eq("stays off", nvim.of(number), nil)

-- ---- a large one --------------------------------------------------------------------------------

local lines = {}
for i = 1, 6000 do
  lines[i] = i % 3 == 0 and "" or ("“We paid %d times,” said Mr. Bo Lund of the ferry."):format(i)
end
t.open(table.concat(lines, "\n"))
state = assert(nvim.on(api.nvim_get_current_buf()))
t.ok("nothing is done at once", not work.is_done(state))
work.catch_up(state, 1)
t.ok("it is read in pieces", state.mirror:is_behind())
api.nvim_buf_set_lines(0, 10, 12, false, { "Edda Falk" })
api.nvim_buf_set_lines(0, 5000, 5000, false, { "Edda Falk", "went home." })
t.wait("it gets done by itself", function() return work.is_done(state) end)
same("a large one that was edited meanwhile", state)
vim.cmd "silent %s/paid/lost/"
work.catch_up(state, 1)
t.ok("large changes are read in pieces, too", state.mirror:is_behind())
api.nvim_buf_set_lines(0, 2, 3, false, {})
same("all changed", state)
vim.cmd "silent undo"
same("all back", state)

-- ---- limits -------------------------------------------------------------------------------------

vim.g.postil = { max_size = 100 }
t.open(("a b c\n"):rep(100))
local ok, words = nvim.on(0)
t.eq("too large", ok, nil)
t.has("it is said", words, "vim.g.postil.max_size")
vim.g.postil = nil

vim.g.postil = { max_size = 1000 }
t.open "a b c"
state = t.on()
api.nvim_buf_set_lines(0, 0, 0, false, vim.split(("x y z\n"):rep(300), "\n"))
t.wait("grown too large", function() return nvim.of(0) == nil end)
t.has("that is said, too", t.last_said(), "vim.g.postil.max_size")
vim.g.postil = nil

-- ---- a rule that fails --------------------------------------------------------------------------

local file = assert(io.open("fails.lua", "wb"))
file:write('tag.ship { "Larkin", keep = function(m) error("no Larkin") end }\n')
file:close()
t.open "The boat left."
t.said = {}
state = t.on "fails.lua"
api.nvim_buf_set_lines(0, 0, 1, false, { "The Larkin left." })
t.wait("a rule that fails", function() return state.trouble ~= nil end)
t.has("is told", t.last_said(), "no Larkin")
t.keys "A Oh!<Esc>"
t.wait("again after a change", function() return state.trouble ~= nil end)
t.eq("but told once", #t.said, 1)
api.nvim_buf_set_lines(0, 0, 1, false, { "The boat left." })
t.wait("without it all goes on", function() return not state.trouble and work.is_done(state) end)
t.eq("the same text", state.text:text(), t.text())

t.open "x"
nvim.on(0)
t.ok("off", nvim.off(0))
t.eq("off twice", nvim.off(0), false)
t.finish()

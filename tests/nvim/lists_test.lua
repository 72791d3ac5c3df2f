-- lists_test.lua - `:Postil` and its lists, completion, faults, hover.

local t = dofile(vim.env.TESTS .. "/support.lua")
local nvim = require "postil.nvim"
local api = vim.api

local TEXT = [[
“Nobody paid for it,” said Mayor Edda Falk. “Not twice.”

Nils Orre was not in the room. “I heard it from
my sister,” Orre said later. ”
]]

local function fresh()
  t.open(TEXT)
  return t.on()
end

-- The location list of the text's window as "line:col text"; the list's window is closed.
local function list()
  pcall(vim.cmd, "lclose")
  local out = {}
  for i, item in ipairs(vim.fn.getloclist(0)) do
    out[i] = ("%d:%d %s"):format(item.lnum, item.col, item.text)
  end
  return out, vim.fn.getloclist(0, { title = 1, context = 1 })
end

-- ---- on, off ------------------------------------------------------------------------------------

t.open(TEXT)
vim.cmd "Postil on"
t.ok(":Postil on", nvim.of(0))
t.eq("omnifunc is ours", vim.bo.omnifunc, "v:lua.require'postil.nvim.complete'.omni")
vim.cmd "Postil off"
t.eq(":Postil off", nvim.of(0), nil)
t.eq("omnifunc is empty again", vim.bo.omnifunc, "")
vim.cmd "Postil toggle"
t.ok(":Postil toggle", nvim.of(0))
vim.cmd "Postil toggle"
t.eq(":Postil toggle again", nvim.of(0), nil)
vim.cmd "Postil off"
t.eq("off twice", t.last_said(), "postil: it is not on in this buffer")
vim.cmd "Postil nonsense"
t.has("no such subcommand", t.last_said(), "there is no `:Postil nonsense`")
vim.cmd "Postil on nonsense"
t.has("rules that are not there", t.last_said(), "nonsense")
t.eq("then it is off", nvim.of(0), nil)

-- ---- lists --------------------------------------------------------------------------------------

fresh()
vim.cmd "Postil! who"
t.eq("the list has a window and the cursor", vim.bo.buftype, "quickfix")
local rows, about = list()
t.eq("who", rows, { "1:1 Edda Falk: “Nobody paid for it,”", "1:49 Edda Falk: “Not twice.”",
  "3:32 Nils Orre: “I heard it from my sister,”" })
t.eq("its title", about.title, ":Postil who")
t.eq("its context", about.context, { postil = "who" })
vim.cmd "Postil! who Orre"
t.eq("who NAME", list(), { "3:32 Nils Orre: “I heard it from my sister,”" })
vim.cmd "Postil! names"
t.eq("names", list(), { "3:1 Nils Orre  person  2", "1:38 Edda Falk  person  1" })
vim.cmd "Postil! find nils orre"
t.eq("find", #list(), 2)
t.has("find: its line", list()[2], "my sister,” Orre said later. ”")
t.at(1, 39)
vim.cmd "Postil! find"
t.has("find what stands here", list()[1], "1:38 ")
vim.cmd "Postil! find Nobody Else"
t.has("nobody", t.last_said(), "no mention of it: Nobody Else")
vim.cmd "Postil! list quote"
t.eq("list LABEL", #list(), 3)
vim.cmd "Postil! list"
t.ok("list", #list() > 5)
vim.cmd "Postil! check"
t.eq("check", list(), { "4:32 stray-close: this closing mark belongs to no quotation" })
t.eq("of type W", vim.fn.getloclist(0)[1].type, "W")
vim.cmd "Postil who"
t.eq("without ! it goes on by itself", #list(), 3)

-- A list that comes later does not take the cursor away.
local lines = {}
for i = 1, 4000 do lines[i] = i % 2 == 0 and "" or "“We paid,” said Mr. Bo Lund of the ferry." end
t.open(table.concat(lines, "\n"))
vim.fn.setloclist(0, {})
vim.cmd "Postil who"
t.eq("nothing yet", #vim.fn.getloclist(0), 0)
local window = api.nvim_get_current_win()
vim.cmd "new"
t.wait("later", function() return #vim.fn.getloclist(window) == 2000 end)
t.eq("the cursor stays", vim.bo.buftype, "")
vim.cmd "only!"

-- ---- completion ---------------------------------------------------------------------------------

local function completed(line) return vim.fn.getcompletion(line, "cmdline") end

fresh()
t.eq("subcommands", completed "Postil wh", { "who", "why" })
t.eq("all", #completed "Postil ", 20)
t.eq("labels", completed "Postil next quo", { "quote" })
t.eq("no helpers", vim.tbl_filter(function(one) return one:sub(1, 1) == "_" end,
  completed "Postil list "), {})
t.eq("names", completed "Postil find Nil", { "Nils Orre" })
t.eq("names with blanks", completed "Postil find Nils O", { "Orre" })
t.eq("rules", completed "Postil on ne", { "news" })

t.keys "GoThen Nils Or<C-x><C-o><Esc>"
t.eq("omni: a name with a blank", t.lines()[5], "Then Nils Orre")
t.keys "oedd<C-x><C-o><Esc>"
t.eq("omni: case does not count", t.lines()[6], "Edda Falk")
t.keys "oxyz<C-x><C-o><Esc>"
t.eq("omni: nothing", t.lines()[7], "xyz")

-- ---- faults -------------------------------------------------------------------------------------

fresh()
local function faults() return vim.diagnostic.get(0) end
t.wait("faults are diagnostics", function() return #faults() == 1 end)
t.eq("their place", { faults()[1].lnum, faults()[1].col, faults()[1].end_col }, { 3, 31, 34 })
t.has("their words", faults()[1].message, "this closing mark belongs to no quotation")
t.eq("their code", faults()[1].code, "stray-close")
t.keys "G$x"
t.wait("they go", function() return #faults() == 0 end)
t.keys "u"
t.wait("and come back", function() return #faults() == 1 end)
vim.cmd "Postil off"
t.eq("off: none", #faults(), 0)

t.open "“Nobody paid, said Edda Falk.\n\n“Not twice,” said Nils Orre. “I knew,\" he said.\n"
local state = t.on()
t.wait("more faults", function() return #faults() > 0 end)
local repairs = 0
for _, one in ipairs(require "postil.editor.faults".list(state.text)) do
  if one.safe and one.repair then repairs = repairs + 1 end
end
local before = t.text()
vim.cmd "Postil! fix"
t.has("fix says how many", t.last_said(), repairs .. " repair")
if repairs > 0 then
  t.ok("the text is mended", t.text() ~= before)
  vim.cmd "silent undo"
  t.eq("in one step of undo", t.text(), before)
end

t.open "He said: “It is late. .” Then: “We paid. .”\n\nHe said: “It is late. .” And left.\n"
t.on()
vim.cmd "1Postil! fix"
t.eq("two in a line, with a range", t.lines(), { "He said: “It is late.” Then: “We paid.”", "",
  "He said: “It is late. .” And left." })
t.eq("are told", t.last_said(), "postil: 2 repairs")
t.at(3, 1)
vim.api.nvim_feedkeys(api.nvim_replace_termcodes("<Plug>(postil-fix)", true, true, true), "mx", false)
t.eq("the one of this line", t.lines()[3], "He said: “It is late.” And left.")
vim.bo.modifiable = false
vim.cmd "Postil! fix"
t.eq("nothing is left", t.last_said(), "postil: 0 repairs")
vim.bo.modifiable = true
t.open "He said: “It is late. .” And left.\n"
t.on()
vim.bo.modifiable = false
vim.cmd "Postil! fix"
t.ok("a buffer that cannot be changed", vim.tbl_contains(t.said,
  "postil: the buffer cannot be changed: 'modifiable' is off"))
t.eq("is not changed", t.lines()[1], "He said: “It is late. .” And left.")
vim.bo.modifiable = true

vim.g.postil = { diagnostics = false }
fresh()
vim.wait(300)
t.eq("not wanted, not shown", #faults(), 0)
vim.g.postil = nil

-- ---- hover, why ---------------------------------------------------------------------------------

-- The lines of the float that is open, which is closed; nil: none.
local function float()
  for _, one in ipairs(api.nvim_list_wins()) do
    if api.nvim_win_get_config(one).relative ~= "" then
      local words = table.concat(api.nvim_buf_get_lines(api.nvim_win_get_buf(one), 0, -1, false), "\n")
      api.nvim_win_close(one, true)
      return words
    end
  end
end

fresh()
t.at(1, 39)
vim.cmd "Postil hover"
local words = float()
t.has("hover: who", words, "person: Edda Falk")
t.has("hover: the rule", words, "rule person/")
t.at(1, 3)
vim.cmd "Postil hover"
t.has("hover: the speaker", float(), "speaker=Edda Falk")
t.at(2, 1)
vim.cmd "Postil hover"
t.eq("hover: nothing", float(), nil)
t.has("it is said", t.last_said(), "nothing is tagged here")
t.at(1, 39)
vim.cmd "Postil why"
t.has("why", float(), "person")
vim.cmd "Postil info"
t.has("info", table.concat(require "postil.nvim.info".lines(nvim.of(0)), "\n"), "packs: news")
t.finish()

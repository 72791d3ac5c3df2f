-- rules_test.lua - rule files: saved in the editor, wrong, with failing tests, not trusted; terms and
-- pins from the text.

local t = dofile(vim.env.TESTS .. "/support.lua")
local nvim = require "postil.nvim"
local api = vim.api

local TEXT = "The Star Fort met the Larkin off the Old Pier.\n\nThe Larkin went home.\n"

local function write(name, words)
  local file = assert(io.open(name, "wb"))
  file:write(words)
  file:close()
end
local function read(name)
  local file = io.open(name, "rb")
  local words = file and file:read "*a"
  if file then file:close() end
  return words
end

-- What is tagged with a label, in words.
local function tagged(state, label)
  local words = {}
  for i, tag in ipairs(state.text:tags(nil, nil, label)) do words[i] = tag.text end
  return words
end

local function diagnostics(number)
  local list = vim.diagnostic.get(number, { namespace = api.nvim_get_namespaces()["postil-rules"] })
  local out = {}
  for i, one in ipairs(list) do
    out[i] = ("%d:%d-%d %s"):format(one.lnum + 1, one.col + 1, one.end_col, one.message)
  end
  return out, list
end

-- ---- a rule file that is saved ------------------------------------------------------------------

write("ships.lua", 'tag.ship { "Larkin" }\n')
write("log.txt", TEXT)
write("other.txt", "A Larkin.\n")
vim.cmd "silent edit log.txt"
local log = t.on "ships.lua"
t.eq("rules that were named", tagged(log, "ship"), { "Larkin", "Larkin" })
vim.cmd "silent edit other.txt"
local other = t.on "ships.lua"
t.eq("another buffer", tagged(other, "ship"), { "Larkin" })

vim.cmd "silent edit ships.lua"
local rules = api.nvim_get_current_buf()
local function save(words)
  t.said = {}
  api.nvim_buf_set_lines(rules, 0, -1, false, vim.split(words, "\n"))
  vim.cmd "silent write"
end
local function said(words)
  for _, one in ipairs(t.said) do
    if one:find(words, 1, true) then return true end
  end
  return false
end

save 'tag.ship { "Larkin", "Star Fort" }\ntag.place { "Old Pier" }'
t.wait("it is told what changed", function() return said "postil: log.txt: +2 −0" end)
t.wait("of each buffer", function() return said "postil: other.txt: +0 −0" or said "other.txt" end)
t.settle(log)
t.eq("tagged anew", tagged(log, "ship"), { "Star Fort", "Larkin", "Larkin" })
t.eq("no diagnostics", #diagnostics(rules), 0)

save 'tag.ship { "Larkin" }'
t.wait("what is gone is told, too", function() return said "postil: log.txt: +0 −2" end)

save 'tag.ship { "Larkin", befor = "x" }\ntag.place { "[a-z]" }'
local found, list = diagnostics(rules)
t.eq("errors stand on their lines", #found, 2)
t.has("the first", found[1], "1:22-26 ")
t.has("its words", found[1], "unknown option 'befor'")
t.has("the second", found[2], "2:")
t.eq("they are errors", list[1].severity, vim.diagnostic.severity.ERROR)
t.wait("the old rules stay, it is said", function() return said "the rules stay as they were" end)
t.settle(log)
t.eq("the old rules go on", tagged(log, "ship"), { "Larkin", "Larkin" })

save 'tag.ship { "Larkin", yes = "The [Wren] left." }'
found, list = diagnostics(rules)
t.eq("a failing test", #found, 1)
t.has("on its line", found[1], "1:")
t.eq("is a warning", list[1].severity, vim.diagnostic.severity.WARN)
t.eq("the old rules go on then, too", tagged(log, "ship"), { "Larkin", "Larkin" })

save 'tag.ship { "Larkin", yes = "The [Larkin] left." }'
t.eq("mended: no diagnostics", #diagnostics(rules), 0)

-- What somebody else changes is read when it is asked for.
write("ships.lua", 'tag.ship { "Star Fort" }\n')
vim.cmd "silent buffer log.txt"
vim.cmd "Postil! reload"
t.eq(":Postil reload", tagged(log, "ship"), { "Star Fort" })
vim.cmd "Postil! reload"
t.has("nothing to reload is said", t.last_said(), "no rule file has changed")
vim.cmd "Postil rules"
t.eq(":Postil rules", vim.fn.expand "%:t", "ships.lua")
vim.cmd "only | silent buffer log.txt"
vim.cmd "Postil term ship"
t.has("rules that were named: no terms", t.last_said(), "rules that were named")
vim.cmd "Postil off"

-- ---- terms and pins -----------------------------------------------------------------------------

local beside = vim.fn.getcwd() .. "/log.txt.postil.lua"
log = t.on()
t.eq("news knows none of them", tagged(log, "ship"), {})
t.at(1, 5)
vim.cmd "normal! v8l\27"
t.keys ":'<lt>,'>Postil term ship<CR>"
t.settle(log)
t.has("a statement", read(beside), 'tag.ship { terms = { "Star Fort" } }')
t.eq("it is in force", tagged(log, "ship"), { "Star Fort" })
t.at(1, 25)
vim.cmd "Postil term ship"
t.settle(log)
t.eq("the word at the cursor", tagged(log, "ship"), { "Star Fort", "Larkin", "Larkin" })
vim.cmd "Postil term ship"
t.has("twice", t.last_said(), "stands there already")
t.at(1, 25)
vim.cmd "Postil term Ship!"
t.has("no label", t.last_said(), "is no label")

vim.ui.select = function(choices, _, chosen) chosen("place") t.choices = choices end
api.nvim_set_keymap("n", "gt", "<Plug>(postil-term)", {})
api.nvim_set_keymap("x", "gp", "<Plug>(postil-pin)", {})
t.at(1, 38)
t.keys "gt2e"
t.settle(log)
t.ok("an operator asks for the label", vim.tbl_contains(t.choices, "person"))
t.ok("no helpers", not vim.tbl_contains(t.choices, "_given"))
t.has("an operator", table.concat(tagged(log, "place"), ","), "Old Pier")
t.choices = nil
t.at(3, 17)
t.keys "."
t.settle(log)
t.eq("repeated it does not ask", t.choices, nil)
t.has("repeated", table.concat(tagged(log, "place"), ","), "home")
t.at(3, 12)
t.keys "v3lgp"
t.settle(log)
t.has("a pin", read(beside), "pin.place { terms = { \"went\" }")
t.ok("undo has nothing of it", t.text() == TEXT)

-- A rule file with changes that are not saved is left alone.
vim.cmd("silent split " .. beside)
api.nvim_buf_set_lines(0, 0, 0, false, { "-- mine" })
vim.cmd "wincmd p"
local before = read(beside)
t.at(1, 43)
vim.cmd "Postil term place"
t.has("not saved", t.last_said(), "not saved")
t.eq("nothing is written", read(beside), before)
vim.cmd "only!"

-- ---- trust --------------------------------------------------------------------------------------

-- It was written in this editor, so it is trusted; from elsewhere it is not.
write(beside, 'tag.ship { terms = { "Larkin" } }\n')
vim.cmd "Postil off"
t.said = {}
vim.cmd "Postil on"
log = nvim.of(0)
t.settle(log)
t.wait("not trusted: it is said", function()
  return said "postil: see `:Postil trust`: log.txt.postil.lua has changed"
end)
t.eq("and not in force", tagged(log, "ship"), {})
vim.cmd "Postil term ship"
t.ok("nothing is added", read(beside) == 'tag.ship { terms = { "Larkin" } }\n')
vim.ui.select = function(_, _, chosen) chosen("not now", 2) end
vim.cmd "Postil trust"
t.eq("it is shown", vim.fn.expand "%:t", "log.txt.postil.lua")
t.settle(log)
t.eq("not now", tagged(log, "ship"), {})
vim.ui.select = function(_, _, chosen) chosen("trust it", 1) end
vim.cmd "close! | Postil trust"
t.settle(log)
t.eq("trusted", tagged(log, "ship"), { "Larkin", "Larkin" })
vim.cmd "only! | silent buffer log.txt | Postil trust"
t.has("as before", t.last_said(), "trusted, as before")

-- Saved here by who had trusted it, it stays trusted.
vim.cmd("silent edit " .. beside .. " | silent edit!")
api.nvim_buf_set_lines(0, 0, -1, false, { 'tag.ship { terms = { "Star Fort" } }' })
vim.cmd "silent write"
t.settle(log)
t.eq("saved here", tagged(log, "ship"), { "Star Fort" })
write(beside, 'tag.ship { terms = { "Pier" } }\n')
vim.cmd "silent edit! | silent write"
t.settle(log)
t.eq("what others wrote stays untrusted, also when it is saved", tagged(log, "ship"), {})

-- ---- another name -------------------------------------------------------------------------------

write("moved.txt.postil.lua", 'tag.ship { terms = { "Larkin" } }\n')
assert(require "postil".trust():add("moved.txt.postil.lua", read "moved.txt.postil.lua"))
vim.cmd "silent buffer log.txt | silent file moved.txt"
log = nvim.of(0)
t.settle(log)
t.eq("the rules beside the new name", tagged(log, "ship"), { "Larkin", "Larkin" })

-- Rules beside a text that do not load: the others go on, and it is said.
write("moved.txt.postil.lua", 'tag.ship { "[a-z]" }\n')
assert(require "postil".trust():add("moved.txt.postil.lua", read "moved.txt.postil.lua"))
vim.cmd "split moved.txt.postil.lua"
rules = api.nvim_get_current_buf()
vim.cmd "wincmd p | Postil off | Postil on"
t.ok("on all the same", nvim.of(0))
t.wait("it is said", function() return said "moved.txt.postil.lua: " end)
t.eq("it stands on its line", #diagnostics(rules), 1)
t.finish()

-- plugin_test.lua - the door: nothing is loaded before it is used, help and health, file types, and
-- what the user chose; each command and each key is in the help.

local t = dofile(vim.env.TESTS .. "/support.lua")
local nvim_modules = vim.tbl_filter(function(name) return vim.startswith(name, "postil") end,
  vim.tbl_keys(package.loaded))
local api = vim.api

t.eq("nothing is loaded", nvim_modules, {})
t.eq("it is there once", vim.g.loaded_postil, true)

-- ---- file types ---------------------------------------------------------------------------------

vim.cmd "new | setfiletype text"
t.eq("file types: none by themselves", package.loaded["postil.nvim"], nil)
vim.g.postil = { filetypes = { "text" } }
vim.cmd "new | setfiletype lua"
local nvim = require "postil.nvim"
t.eq("another file type", nvim.of(0), nil)
vim.cmd "new | setfiletype text"
t.ok("a file type that was chosen", nvim.of(0))
nvim.setup { speakers = true }
t.eq("setup merges", vim.g.postil, { filetypes = { "text" }, speakers = true })

-- ---- options ------------------------------------------------------------------------------------

local config = require "postil.nvim.config"
t.eq("fine", config.faults(), {})
vim.g.postil = { speaker = true, labels = "person", max_size = 5 }
t.eq("faults", config.faults(), { "vim.g.postil.labels must be a table, not string",
  "vim.g.postil.speaker: there is no such option" })
t.eq("what is right counts", config.get().max_size, 5)
t.eq("what is wrong does not", config.get().labels, {})
vim.g.postil = "x"
t.eq("no table", config.faults(), { "vim.g.postil must be a table, not string" })
t.eq("all as usual then", config.get().step, 4)
vim.g.postil = { rules = {}, date = "" }
t.open "He left yesterday."
t.ok("empty ones are none", nvim.on(0))
local before = nvim.of(0)
t.eq("other rules that do not load", nvim.on(0, "nonsense"), nil)
t.eq("what was on goes on", nvim.of(0), before)
vim.g.postil = { date = "2026-05-04" }
t.open "He left yesterday."
t.on()
t.at(1, 10)
t.eq("a date", nvim.of(0).text:tags(nil, nil, "date")[1].attributes[1].value, "2026-05-03")
vim.g.postil = { date = "in May" }
t.open "x"
local date, wrong = nvim.on(0)
t.eq("no date", date, nil)
t.has("no date: in words", wrong, "YYYY-MM-DD")
vim.g.postil = { rules = { "nonsense" } }
t.open "x"
local ok, words = nvim.on(api.nvim_get_current_buf())
t.eq("rules that do not load", ok, nil)
t.has("in words", words, "nonsense")
vim.g.postil = nil

-- ---- help ---------------------------------------------------------------------------------------

local function read(name)
  local file = assert(io.open(vim.env.TOP .. name, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end
local help = read "/plugin/doc/postil.txt"
for _, name in ipairs(vim.fn.getcompletion("Postil ", "cmdline")) do
  t.ok(":Postil " .. name .. " is in the help", ("\n" .. help):find("\n[^\n ]*" .. name .. "[ \n]"))
end
for _, mode in ipairs { "n", "x", "o" } do
  for _, map in ipairs(api.nvim_get_keymap(mode)) do
    if vim.startswith(map.lhs, "<Plug>(postil-") then
      t.has(mode .. "map " .. map.lhs, help, map.lhs)
    end
  end
end
for key in help:gmatch "<Plug>%(postil%-[%w-]+%)" do
  t.ok(key .. " is there", vim.fn.hasmapto(key) == 0 and (vim.fn.mapcheck(key, "n") ~= ""
    or vim.fn.mapcheck(key, "x") ~= ""))
end
for option in pairs(config.get()) do t.has("option " .. option, help, "'" .. option .. "'") end
for group in read "/lua/postil/nvim/groups.lua":gmatch "\n  (Postil%a+) =" do
  t.has("group " .. group, help, "*hl-" .. group .. "*")
end
if vim.loop.fs_stat(vim.env.TOP .. "/plugin/doc/tags") then
  vim.cmd "help :Postil-why"
  t.has(":help", vim.fn.expand "%:p", "/plugin/doc/postil.txt")
  vim.cmd "helpclose"
end

-- Links in the help lead somewhere.
local targets = {}
for target in help:gmatch "%*([^%s*]+)%*" do targets[target] = true end
for link in help:gmatch "|([^%s|]+)|" do
  t.ok("|" .. link .. "|", targets[link] or #vim.fn.getcompletion(link, "help") > 0)
end

-- No keys of our own.
for _, mode in ipairs { "n", "x", "o", "i" } do
  for _, map in ipairs(api.nvim_get_keymap(mode)) do
    t.ok("no default keys: " .. map.lhs,
      vim.startswith(map.lhs, "<Plug>") or not (map.rhs or ""):find "postil")
  end
end

-- ---- health -------------------------------------------------------------------------------------

vim.g.postil = { speaker = true }
vim.cmd "silent checkhealth postil"
local health = table.concat(t.lines(), "\n")
t.has("health: the module", health, "postil " .. require "postil".version)
t.has("health: the rules", health, "the pack news loads")
t.has("health: options", health, "vim.g.postil.speaker: there is no such option")
t.lacks("health: no errors", health, "ERROR")
t.finish()

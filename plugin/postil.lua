-- postil.lua - the door to Neovim: the command `:Postil`, names for keys, and nothing else until
-- one of them is used.  `:help postil` tells all; plugin/doc has it.
if not vim or vim.g.loaded_postil or vim.fn.has "nvim-0.7" == 0 then return end
vim.g.loaded_postil = true

local api = vim.api

-- The help of a checkout lies in plugin/doc.
local folder = debug.getinfo(1, "S").source:match "^@(.*)[/\\][^/\\]*$"
if folder and vim.loop.fs_stat(folder .. "/doc/postil.txt") then
  vim.o.runtimepath = vim.o.runtimepath .. "," .. vim.fn.escape(folder, ", \\")
end

api.nvim_create_user_command("Postil", function(called)
  local ok, commands = pcall(require, "postil.nvim.commands")
  if ok then return commands.run(called) end
  vim.notify("postil: it does not load; `:checkhealth postil` says why", vim.log.levels.ERROR)
end, {
  nargs = "*", bang = true, bar = true, range = true, desc = "names and quotations in prose",
  complete = function(...) return require "postil.nvim.commands".complete(...) end,
})

api.nvim_create_autocmd("FileType", {
  group = api.nvim_create_augroup("postil_filetypes", {}),
  callback = function(event)
    local chosen = vim.g.postil
    if type(chosen) ~= "table" or not chosen.filetypes then return end
    require "postil.nvim".on_filetype(event.buf)
  end,
})

-- `<Plug>(postil-NAME)` in some modes: keys that call a function of postil.nvim.keys.  For
-- operators a key is an expression, see there.
local KEYS = "require'postil.nvim.keys'."

local function name_key(mode, name, right, expr)
  api.nvim_set_keymap(mode, "<Plug>(postil-" .. name .. ")", right, { noremap = true, expr = expr })
end

local function name_keys(modes, name, kind, label)
  for mode in modes:gmatch "." do
    name_key(mode, name, ("<Cmd>lua %snow('%s','%s')<CR>"):format(KEYS, kind, label))
  end
  name_key("o", name, ("v:lua.%spending('%s','%s')"):format(KEYS, kind, label), true)
end

for kind, label in pairs { tag = "", quote = "quote", name = "name" } do
  name_keys("x", "inner-" .. kind, "inner", label)
  name_keys("x", "around-" .. kind, "around", label)
  name_keys("nx", "next-" .. kind, "next", label)
  name_keys("nx", "previous-" .. kind, "previous", label)
end
name_keys("nx", "partner", "partner", "")
for _, name in ipairs { "hover", "why", "fix" } do
  name_key("n", name, ("<Cmd>lua %s%s()<CR>"):format(KEYS, name))
end
for _, kind in ipairs { "term", "pin" } do
  name_key("n", kind, ("v:lua.%s%s()"):format(KEYS, kind), true)
  name_key("x", kind, ("<Cmd>lua %sselected('%s')<CR>"):format(KEYS, kind))
end

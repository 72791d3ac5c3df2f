-- postil.lua - the door to Neovim: the command `:Postil`, names for keys, and nothing else until one
-- of them is used.  `:help postil` tells all; plugin/doc has it.
if not vim or vim.g.loaded_postil or vim.fn.has "nvim-0.7" == 0 then return end
vim.g.loaded_postil = true

local api = vim.api

api.nvim_create_user_command("Postil", function(called)
  require "postil.nvim.commands".run(called)
end, {
  nargs = "*", bang = true, range = true, desc = "postil: names and quotations in prose",
  complete = function(...) return require "postil.nvim.commands".complete(...) end,
})

api.nvim_create_autocmd("FileType", { callback = function(event)
  local chosen = vim.g.postil
  if type(chosen) ~= "table" or not chosen.filetypes then return end
  require "postil.nvim".on_filetype(event.buf)
end })

-- `<Plug>(postil-NAME)` in some modes calls a function of postil.nvim.keys.
local function name_key(modes, name, call)
  local right = ("<Cmd>lua require'postil.nvim.keys'.%s<CR>"):format(call)
  for mode in modes:gmatch "." do
    api.nvim_set_keymap(mode, "<Plug>(postil-" .. name .. ")", right, { noremap = true })
  end
end

for kind, label in pairs { tag = "nil", quote = "'quote'" } do
  name_key("xo", "inner-" .. kind, ("inner(%s)"):format(label))
  name_key("xo", "around-" .. kind, ("around(%s)"):format(label))
end
for kind, label in pairs { tag = "nil", quote = "'quote'", name = "'name'" } do
  name_key("nxo", "next-" .. kind, ("next(%s)"):format(label))
  name_key("nxo", "previous-" .. kind, ("previous(%s)"):format(label))
end
name_key("nxo", "partner", "partner()")
name_key("n", "hover", "hover()")
name_key("n", "why", "why()")
name_key("n", "fix", "fix()")
for _, kind in ipairs { "term", "pin" } do
  api.nvim_set_keymap("n", "<Plug>(postil-" .. kind .. ")",
    ("v:lua.require'postil.nvim.keys'.%s()"):format(kind), { noremap = true, expr = true })
  name_key("x", kind, kind .. "_selected()")
end

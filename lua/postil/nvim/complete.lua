-- complete.lua - completion of names while writing: 'omnifunc'.
--
--   complete.start(nvim)         sets 'omnifunc' of buffers where it is empty, and empties it again
--   complete.omni(findstart, base)

local names = require "postil.editor.complete"

local M = {}

local OMNI = "v:lua.require'postil.nvim.complete'.omni"
local MOST = 200 -- names that are offered

local nvim

function M.start(host)
  nvim = host
  nvim.listen(function(event, state)
    if state.lost then return end
    local options = vim.bo[state.number]
    if event == "on" and options.omnifunc == "" then
      options.omnifunc = OMNI
    elseif event == "off" and options.omnifunc == OMNI then
      options.omnifunc = ""
    end
  end)
end

local function find_start(state)
  local column = vim.api.nvim_win_get_cursor(0)[2]
  return names.start(state.text, vim.api.nvim_get_current_line():sub(1, column)) - 1
end

function M.omni(findstart, base)
  local state = nvim and nvim.of(0)
  if not state then return findstart == 1 and -3 or {} end
  if findstart == 1 then return find_start(state) end
  local items = {}
  for i, name in ipairs(names.names(state.text, base)) do
    if i > MOST then break end
    items[i] = { word = name.words, menu = name.label, icase = 1 }
  end
  return items
end

return M

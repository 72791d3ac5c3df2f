-- complete.lua - completion of names while writing: 'omnifunc'.
--
--   complete.start(nvim)         sets 'omnifunc' of buffers where it is empty, and empties it again
--   complete.omni(findstart, base)
--
-- A name may have blanks in it, so what stands before the cursor is tried from the sentence's last
-- capital letters on: the longest beginning of a name is completed, else the word.

local names = require "postil.editor.complete"

local M = {}

local OMNI = "v:lua.require'postil.nvim.complete'.omni"
local WORDS = 4    -- of a name before the cursor
local MOST = 200   -- names that are offered

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

-- Columns where a name that is being written may begin, the farthest first.
local function starts(line)
  local list = {}
  for at in line:gmatch "()%f[%w\128-\255][%w\128-\255]" do
    list[#list + 1] = at
    if #list > WORDS then table.remove(list, 1) end
  end
  return list
end

local function find_start(state)
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local line = vim.api.nvim_get_current_line():sub(1, column)
  local list = starts(line)
  for _, at in ipairs(list) do
    if names.names(state.text, line:sub(at))[1] then return at - 1 end
  end
  return list[#list] and list[#list] - 1 or column
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

-- files.lua - the buffers that show files.
--
--   files.buffer_of(path)   the number of the buffer of a file, or nil

local postil = require "postil"

local api = vim.api

local M = {}

local function real(path) return postil.core.files.real(path) or path end

function M.buffer_of(path)
  local wanted = real(path)
  for _, number in ipairs(api.nvim_list_bufs()) do
    local name = api.nvim_buf_get_name(number)
    if name ~= "" and (name == path or real(name) == wanted) then return number end
  end
end

return M

-- files.lua - files and the buffers that show them.
--
--   files.buffer_of(path)      the number of the buffer of a file, or nil
--   files.write(path, words)   as a whole or not at all: true, or nil and words

local postil = require "postil"

local api, loop = vim.api, vim.loop

local M = {}

local function real(path) return postil.core.files.real(path) or path end

function M.buffer_of(path)
  local wanted = real(path)
  for _, number in ipairs(api.nvim_list_bufs()) do
    local name = api.nvim_buf_get_name(number)
    if name ~= "" and (name == path or real(name) == wanted) then return number end
  end
end

-- Writes a new file and gives it the other one's mode.
local function write_new(path, words, mode)
  local file, why = io.open(path, "wb")
  if not file then return nil, why end
  local ok, trouble = file:write(words)
  local closed, at_end = file:close()
  if not ok or not closed then return nil, path .. ": " .. tostring(trouble or at_end) end
  if mode then loop.fs_chmod(path, mode) end
  return true
end

function M.write(path, words)
  local place = real(path)
  local known = loop.fs_stat(place)
  local ok, why = write_new(place .. ".new", words, known and known.mode % 4096)
  if ok then ok, why = os.rename(place .. ".new", place) end
  if not ok then os.remove(place .. ".new") end
  return ok, why
end

return M

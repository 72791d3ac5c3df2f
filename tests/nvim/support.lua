-- support.lua - what the tests in Neovim share: checks that are counted, texts, waiting.
--
--   local t = dofile(vim.env.TESTS .. "/support.lua")   ... t.finish()

local M = { passed = 0, failed = 0 }

local PATIENCE = 20000 -- milliseconds

local function told(name, ok, words)
  if ok then
    M.passed = M.passed + 1
  else
    M.failed = M.failed + 1
    io.stdout:write(("not ok: %s\n%s\n"):format(name, words))
  end
  return ok
end

function M.ok(name, value) return told(name, value, "got " .. vim.inspect(value)) end

function M.eq(name, got, wanted)
  return told(name, vim.deep_equal(got, wanted),
    ("got    %s\nwanted %s"):format(vim.inspect(got), vim.inspect(wanted)))
end

-- Whether `words` stand in a text.
function M.has(name, text, words)
  return told(name, type(text) == "string" and text:find(words, 1, true) ~= nil,
    ("no %q in %s"):format(words, vim.inspect(text)))
end

function M.lacks(name, text, words)
  return told(name, not text:find(words, 1, true), ("%q is in %s"):format(words, vim.inspect(text)))
end

-- Waits until a condition holds.
function M.wait(name, condition) return told(name, vim.wait(PATIENCE, condition, 2), "never so") end

-- What was said by vim.notify.
M.said = {}
vim.notify = function(words) table.insert(M.said, words) end
function M.last_said() return M.said[#M.said] or "" end

-- Keys as somebody types them, to the end.
function M.keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, true, true), "mtx", false)
end

function M.lines() return vim.api.nvim_buf_get_lines(0, 0, -1, false) end

-- The text of a buffer as postil should have it.
function M.text(number)
  return table.concat(vim.api.nvim_buf_get_lines(number or 0, 0, -1, false), "\n") .. "\n"
end

-- A new buffer with a text, alone on the screen.
function M.open(text)
  vim.cmd "silent! only | enew!"
  vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split((text:gsub("\n$", "")), "\n"))
  vim.o.undolevels = vim.o.undolevels -- what comes now is another step of undo
  return vim.api.nvim_get_current_buf()
end

-- postil on in this buffer, all tagged.
function M.on(rules)
  local state = assert(require "postil.nvim".on(vim.api.nvim_get_current_buf(), rules))
  M.settle(state)
  return state
end

function M.settle(state) return require "postil.nvim.work".catch_up(state, math.huge) end

function M.at(line, column) vim.api.nvim_win_set_cursor(0, { line, column - 1 }) end

function M.cursor()
  local at = vim.api.nvim_win_get_cursor(0)
  return { at[1], at[2] + 1 }
end

function M.finish()
  io.stdout:write(("%d passed, %d failed\n"):format(M.passed, M.failed))
  vim.cmd(M.failed == 0 and "qa!" or "cquit!")
end

return M

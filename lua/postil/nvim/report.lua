-- report.lua - what is said to the user: by vim.notify, as one line or some, every control shown.
--
--   report.info(words)   report.warn(words)   report.error(words)
--   report.brief(words, level)   in a moment, as much of it as fits into one line: what comes by
--                        itself, beside other messages, must not make anybody press Enter
--   report.line(words)   a line below the window that leaves no trace, as progress does

local visible = require "postil.visible"

local M = {}

local function say(words, level)
  local lines = {}
  for line in (words .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = visible.text(line) end
  vim.notify("postil: " .. table.concat(lines, "\n"), level)
end

function M.info(words) say(words, vim.log.levels.INFO) end
function M.warn(words) say(words, vim.log.levels.WARN) end
function M.error(words) say(words, vim.log.levels.ERROR) end

function M.brief(words, level)
  words = visible.line(words)
  local room = math.max(20, vim.v.echospace - #"postil: ")
  if vim.fn.strdisplaywidth(words) > room then
    words = vim.fn.strcharpart(words, 0, room - 1)
    while vim.fn.strdisplaywidth(words) > room - 1 do
      words = vim.fn.strcharpart(words, 0, vim.fn.strchars(words) - 1)
    end
    words = words .. "…"
  end
  vim.schedule(function() say(words, level) end)
end

function M.line(words)
  vim.api.nvim_echo({ { words == "" and "" or "postil: " .. visible.line(words) } }, false, {})
end

return M

-- report.lua - what is said to the user: in the line at the bottom, every control shown.
--
--   report.info(words)

local visible = require "postil.visible"

local M = {}

function M.info(words) vis:info("postil: " .. visible.line(words)) end

return M

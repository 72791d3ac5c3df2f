-- output.lua - where a run's output goes: straight on, or to a pager once it outgrows the screen.
--
--   local out = output.open(host, env, paged, when)    when: "auto" (nil), "always" or "never"
--   out:write(text)      raises a table { closed = true } or { trouble = words } when it cannot
--   out:finish()         the same; waits for the pager
--   out:pages_with(name) whether the pager, if one is to run, is this program
--
-- A pager runs only when standard output is a terminal, or if it always has to: POSTIL_PAGER as it
-- is, else PAGER, else less; an empty one means none.  On a terminal that cannot move its cursor
-- (TERM=dumb) only POSTIL_PAGER counts.  A pager that is not installed gives way to none: no output
-- is lost.  less gets -R, and -F where it need not run, unless LESS says what the user wants.  more
-- and most do not understand colours: as PAGER they give way to less.

local unicode = require "postil.unicode"

local M = {}
M.__index = M

local function base_name(command) return command:match "^%s*(%S*)":match "[^/]*$" end

-- The pager's command line, or nil for none.
function M.pager_for(env, always)
  local command = env "POSTIL_PAGER"
  if not command then
    if env "TERM" == "dumb" then return nil end
    command = env "PAGER" or "less"
    local base = base_name(command)
    if base == "more" or base == "most" then command = "less" end
  end
  if not command:find "%S" then return nil end
  if base_name(command) == "less" and not env "LESS" then
    command = command .. (always and " -R" or " -F -R")
  end
  return command
end

-- The command line that shows all the same when its program, a plain word, is not installed.
local function or_cat(command)
  local program = (command .. " "):match "^%s*([%w_./][%w_./+-]*)%s"
  if not program then return command end
  return "command -v " .. program .. " >/dev/null || exec cat; " .. command
end

function M.open(host, env, paged, when)
  local out = setmetatable({ host = host }, M)
  local always = when == "always"
  if paged and when ~= "never" and (always or host.isatty "out") then
    out.pager = M.pager_for(env, always)
    if out.pager then
      out.held, out.rows = {}, 0
      out.height, out.width = host.screen()
      if always then out.height = 0 end
    end
  end
  return out
end

function M:pages_with(name) return self.pager ~= nil and base_name(self.pager) == name end

local function check(ok, words)
  if ok then return end
  error(words == "closed" and { closed = true } or { trouble = "cannot write: " .. words })
end

-- Rows of the screen that text takes, more or less.
local function rows_of(text, width)
  local rows = 0
  for line in text:gmatch "[^\n]*\n?" do
    if line ~= "" then
      local columns = unicode.width((line:gsub("\27%[[%d;]*m", "")))
      rows = rows + math.max(1, math.ceil((columns - 1) / width))
    end
  end
  return rows
end

local function release(self)
  local held = table.concat(self.held)
  self.held = nil
  if held ~= "" then check(self.host.write(held)) end
end

function M:write(text)
  if text == "" then return end
  if not self.held then return check(self.host.write(text)) end
  self.held[#self.held + 1] = text
  self.rows = self.rows + rows_of(text, self.width)
  if self.rows < self.height then return end
  check(self.host.pager(or_cat(self.pager)))
  release(self)
end

function M:finish()
  if self.held then release(self) end
  check(self.host.finish())
end

return M

-- progress.lua - a line on the terminal's standard error while long work goes on; never in a pipe.
--
--   local bar = progress.open(host, total)      total: bytes, or nil when nobody knows
--   bar:step(bytes_done, documents)             cheap; draws now and then, not in the first second
--   bar:clear()                                 before anything else is written to the terminal

local M = {}
M.__index = M

local PATIENCE, PAUSE = 1, 0.2 -- seconds before the first line, and between two

-- collected: output comes only at the end, so that a terminal as standard output is no hindrance.
function M.open(host, total, collected)
  local bar = setmetatable({ host = host, total = total }, M)
  bar.on = host.isatty "err" and (collected or not host.isatty "out")
  bar.began = bar.on and host.clock()
  bar.next = bar.on and bar.began + PATIENCE
  return bar
end

local function megabytes(n) return ("%.1f MB"):format(n / 1e6) end

function M:step(done, documents)
  if not self.on then return end
  local now = self.host.clock()
  if now < self.next then return end
  self.next = now + PAUSE
  local words = ("%d documents, %s"):format(documents, megabytes(done))
  if self.total and self.total > 0 then
    words = ("%s of %s (%d %%)"):format(words, megabytes(self.total),
      math.floor(100 * math.min(1, done / self.total)))
  end
  self.host.say(("\r\27[Kpostil: %s, %.0f s"):format(words, now - self.began))
  self.drawn = true
end

function M:clear()
  if self.drawn then self.host.say "\r\27[K" end
  self.drawn = false
end

return M

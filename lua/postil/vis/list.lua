-- list.lua - a window with lines, in which <Enter> goes to what the line is about.
--
--   list.show(title, lines, go)    go(n): <Enter> in the n-th line; nil: that leads nowhere
--   list.origin(win)               the window of the text that a list is of; any other as it is
--   list.go(file, position)        to a byte of a file that is open
--   list.open(path, line)          a file, in a window of its own unless one shows it
--
-- It is the window that vis has for messages: nothing in it is ever asked to be saved.

local postil = require "postil"
local report = require "postil.vis.report"

local M = {}

local shown -- the last list: { file=, from=, title=, count=, go= }, from: the file it is of

local bound = setmetatable({}, { __mode = "k" }) -- windows whose <Enter> is ours

-- vis puts messages of others below ours.
local function enter()
  local win = vis.win
  if not shown or win.file ~= shown.file or win.file.lines[1] ~= shown.title then return end
  local n = win.selection.line - 1
  if shown.go and n >= 1 and n <= shown.count then shown.go(n) end
end

local function window_of_file(file)
  for win in vis:windows() do
    if win.file == file then return win end
  end
end

function M.origin(win)
  return shown and win.file == shown.file and window_of_file(shown.from) or win
end

function M.show(title, lines, go)
  local from = M.origin(vis.win).file
  vis:message ""
  local win = vis.win
  local file = win.file
  file:delete(0, file.size)
  file:insert(0, title .. "\n" .. table.concat(lines, "\n") .. "\n")
  win.selection.pos = 0 -- the window may have shown a place that is gone
  win.selection:to(math.min(2, #lines + 1), 1)
  shown = { file = file, from = from, title = title, count = #lines, go = go }
  if not bound[win] then win:map(vis.modes.NORMAL, "<Enter>", enter, "Go there") end
  bound[win] = true
end

function M.go(file, position)
  local win = window_of_file(file)
  if not win then return report.info "the file is not open any more" end
  vis.win = win
  win.selection.pos = position - 1
end

-- A path as vis' command line reads it.
local function quoted(path) return "'" .. path:gsub("[\\']", "\\%0") .. "'" end

-- The window that shows a path, or nil.
local function window_of(path)
  local real = postil.core.files.real(path)
  for win in vis:windows() do
    if real and win.file.path and postil.core.files.real(win.file.path) == real then return win end
  end
end

function M.open(path, line)
  local win = window_of(path)
  if win then
    vis.win = win
  elseif not vis:command("open " .. quoted(path)) then
    return report.info("it cannot be opened: " .. path)
  end
  if line then vis.win.selection:to(line, 1) end
end

return M

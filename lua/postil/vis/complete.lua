-- complete.lua - completion of names while writing, as the action <vis-postil-complete>: the names
-- that begin so, for vis-menu to choose from.
--
--   complete.register()

local complete = require "postil.editor.complete"
local report = require "postil.vis.report"
local texts = require "postil.vis.texts"

local M = {}

local LINE = 512 -- bytes before the cursor that are looked at
local MOST = 200 -- names that are offered

-- What stands in front of a position in its line.
local function before(file, position)
  local size = math.min(position, LINE)
  return file:content(position - size, size):match "[^\n]*$"
end

local function quoted(words) return "'" .. words:gsub("'", "'\\''") .. "'" end

-- One of the names; nil: none was chosen.
local function choose(file, names)
  if #names == 1 then return names[1].words end
  local list = {}
  for i = 1, math.min(#names, MOST) do list[i] = quoted(names[i].words) end
  local status, chosen, words = vis:pipe(file, { start = 0, finish = 0 },
    "printf '%s\\n' " .. table.concat(list, " ") .. " | vis-menu -b")
  if status == 0 and chosen then return chosen:match "^[^\n]+" end
  if words and words ~= "" then report.info(words) end
end

local function put(file, win, first, position, words)
  file:delete(first, position - first)
  file:insert(first, words)
  win.selection.pos = first + #words
end

local function act()
  local win = vis.win
  local state, position = texts.of(win.file), win.selection.pos
  if not state or not position then return report.info "it is not on in this file: `:postil on`" end
  texts.follow(state, win)
  texts.work(state, texts.options.step)
  if state.closed then return end
  local line = before(win.file, position)
  local typed = line:sub(complete.start(state.text, line))
  local names = complete.names(state.text, typed)
  if typed == "" or not names[1] then return report.info "no name begins so" end
  local words = choose(win.file, names)
  if words then put(win.file, win, position - #typed, position, words) end
end

function M.register()
  vis:action_register("vis-postil-complete", act, "postil: complete a name")
end

return M

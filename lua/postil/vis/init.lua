-- init.lua - postil in vis: names and quotations highlighted as you type, lists, text objects and
-- motions.  plugin/vis/README.md tells how to load it, and all commands, actions and options.
--
--   local postil = require "postil.vis"    makes `:postil` and the actions known; binds no key
--   postil.on(win, rules)   postil.off(win)    as `:postil on` and `:postil off`
--   postil.options          texts.lua has them
--   postil.styles           by label or kind: paint.lua
--   postil.object(kind, label)  postil.motion(kind, label)   actions for vis:map: objects.lua
--
-- vis has neither timers nor news of changes: a text is compared, and tagged in small steps,
-- whenever its window is drawn, so with each key.  What a window shows comes first.

local complete = require "postil.vis.complete"
local objects = require "postil.vis.objects"
local paint = require "postil.vis.paint"
local rules = require "postil.vis.rules"
local texts = require "postil.vis.texts"

local M = { options = texts.options, styles = paint.styles, object = objects.object,
  motion = objects.motion }

function M.on(win, named) return rules.turn_on(win.file, named) ~= nil end

function M.off(win) return texts.off(win.file) end

-- ---- events; what they return must be nil, or others hear of them no more -----------------------

local function drawn(win)
  local state = texts.of(win.file)
  if not state then return end
  texts.follow(state, win)
  if state.closed then return end
  if not state.text.done then state.text:spans(texts.seen(win)) end
  texts.work(state, texts.options.step)
  rules.found(state)
  paint.draw(state, win)
end

local function saving(_, path)
  if path then rules.saving(path) end
end

-- A file that has another name now may have other rules beside it.
local function saved(file, path)
  if not path then return end
  rules.saved(path)
  local state = texts.of(file)
  if state and state.path ~= file.path then
    texts.off(file)
    texts.on(file, state.rules)
  end
end

vis.events.subscribe(vis.events.WIN_HIGHLIGHT, drawn)
vis.events.subscribe(vis.events.FILE_SAVE_PRE, saving)
vis.events.subscribe(vis.events.FILE_SAVE_POST, saved)
vis.events.subscribe(vis.events.FILE_CLOSE, texts.closed)

objects.register()
complete.register()

vis:command_register("postil", function(argv, force, win)
  return require "postil.vis.commands".run(argv, force, win)
end, "Names and quotations in prose")

return M

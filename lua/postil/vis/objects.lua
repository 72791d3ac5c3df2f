-- objects.lua - text objects, motions and jumps, as actions of vis that the user binds to keys.
--
--   objects.register()            <vis-postil-NAME> for the usual ones
--   objects.object(kind, label)   an action for vis:map: kind "inner" or "around"
--   objects.motion(kind, label)   the same: "next" or "previous"
--   objects.step(win, kind, label, count)   moves the cursor, for a command
--   objects.here(win)             the state of a window's file and where the cursor is
--   objects.word_at(state, win)   first and last byte of the selection, the name, or the word there
--   objects.name_at(state, position)
--
-- A label may be nil: any; or "name": all that names somebody or something.
-- A count in front of a motion is its own; in front of an object vis takes as many behind it.

local kinds = require "postil.kinds"
local objects = require "postil.editor.objects"
local report = require "postil.vis.report"
local texts = require "postil.vis.texts"

local M = {}

local PATIENCE = 100 -- milliseconds that a key waits for tags, at most

-- ---- what stands where --------------------------------------------------------------------------

local function followed(win)
  local state = texts.of(win.file)
  if not state then
    report.info "it is not on in this file: `:postil on`"
    return nil
  end
  texts.follow(state, win)
  texts.work(state, PATIENCE)
  return not state.closed and state or nil
end

function M.here(win)
  local state = followed(win)
  return state, (win.selection.pos or 0) + 1
end

local function labels_of(state, label)
  if label ~= "name" then return label end
  return kinds.joined(state.text.set:labels())
end

-- The tag at a position, or the next one in its line.
local function around(state, position, label)
  local wanted = labels_of(state, label)
  local tag = objects.at(state.text, position, wanted)[1]
  if tag then return tag end
  local place = objects.next(state.text, position, wanted, 1)
  if not place or state.text:text(position, place.first):find "[\r\n]" then return nil end
  return objects.at(state.text, place.first, wanted)[1]
end

local function inner(state, position, label)
  local tag = around(state, position, label)
  local place = tag and objects.inner(state.text, tag, position)
  return place and place.last >= place.first and place or nil
end

local OBJECTS = { inner = inner, around = around }

local MOTIONS = {
  next = function(state, position, label, count)
    return objects.next(state.text, position, labels_of(state, label), count)
  end,
  previous = function(state, position, label, count)
    return objects.previous(state.text, position, labels_of(state, label), count)
  end,
  partner = function(state, position) return objects.partner(state.text, position) end,
}

function M.name_at(state, position)
  local tag = objects.at(state.text, position, labels_of(state, "name"))[1]
  return tag and tag.name, tag
end

-- vis takes a mark beside a word for a part of it: everything that is not ASCII.
local MARKS = { "\226\128.", "\194\171", "\194\187" }

local function without_marks(state, first, last)
  local words = state.text:text(first, last)
  for i = 1, #MARKS do
    local head, tail = words:match("^" .. MARKS[i]), words:match(MARKS[i] .. "$")
    if head and #head < #words then return without_marks(state, first + #head, last) end
    if tail and #tail < #words then return without_marks(state, first, last - #tail) end
  end
  return first, last
end

function M.word_at(state, win)
  local selection = win.selection
  if selection.anchored then return selection.range.start + 1, selection.range.finish end
  local position = (selection.pos or 0) + 1
  local _, tag = M.name_at(state, position)
  if tag then return tag.first, tag.last end
  local range = win.file:text_object_word(position - 1)
  if range and range.finish > range.start then
    return without_marks(state, range.start + 1, range.finish)
  end
end

-- ---- actions ------------------------------------------------------------------------------------

local function nothing(label) report.info(("no %s stands here"):format(label or "tag")) end

-- Whether a window has the object at one of its cursors.
local function is_anywhere(find, win, label)
  local state = followed(win)
  if not state then return false end
  for selection in win:selections_iterator() do
    if selection.pos and find(state, selection.pos + 1, label) then return true end
  end
  nothing(label)
  return false
end

-- An operator that has nothing to do is left, so that it neither empties a register nor begins to
-- insert.
local function object_action(kind, label)
  local find = OBJECTS[kind]
  local id = vis:textobject_register(function(win, pos)
    local state = texts.of(win.file)
    local place = state and find(state, pos + 1, label)
    if place then return place.first - 1, place.last end
  end)
  return function()
    if is_anywhere(find, vis.win, label) then
      vis:textobject(id)
    elseif vis.mode == vis.modes.OPERATOR_PENDING then
      vis:feedkeys "<Escape>"
    end
  end
end

-- vis moves as often as a count says; where nothing is left it stays where it is.  A motion that is
-- no operator's is a jump, and `g<` leads back.
local function motion_action(kind, label)
  local id = vis:motion_register(function(win, pos)
    local state = followed(win)
    if not state then return pos end
    local place, words = MOTIONS[kind](state, pos + 1, label, 1)
    if not place then
      report.info(words)
      return pos
    end
    return place.first - 1
  end)
  return function()
    if vis.mode == vis.modes.NORMAL then vis:feedkeys "<vis-jumplist-save>" end
    vis:motion(id)
  end
end

local made = {} -- actions by name

local function action(name, help, make)
  if made[name] == nil then
    made[name] = vis:action_register("vis-postil-" .. name, make(), "postil: " .. help) or false
  end
  return made[name] or nil
end

local HELP = { inner = "the inside of a %s", around = "a %s", next = "to the next %s",
  previous = "to the previous %s" }

local function named(kind, label, make)
  local words = label or "tag"
  return action(kind .. "-" .. words, HELP[kind]:format(words), function()
    return make(kind, label)
  end)
end

function M.object(kind, label) return named(kind, label, object_action) end
function M.motion(kind, label) return named(kind, label, motion_action) end

function M.register()
  for _, label in ipairs { false, "quote", "name" } do
    for kind in pairs(OBJECTS) do M.object(kind, label or nil) end
    M.motion("next", label or nil)
    M.motion("previous", label or nil)
  end
  action("partner", "from a quotation to its speaker, and on", function()
    return motion_action "partner"
  end)
end

function M.step(win, kind, label, count)
  local state, position = M.here(win)
  if not state then return end
  local place, words = MOTIONS[kind](state, position, label, count)
  if not place then return report.info(words) end
  win.selection.pos = place.first - 1
end

return M

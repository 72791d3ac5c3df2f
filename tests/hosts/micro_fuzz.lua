-- micro_fuzz.lua - a plugin for micro that makes random edits, `fuzz SEED ROUNDS`, some between two
-- looks at the keyboard, and then, when all is still, writes the text to the file `have`; `gutter
-- FILE` writes what is in the gutter.  micro.sh compares these with what postil was told, and says.
--
-- luacheck: globals import init

local buffer = import("micro/buffer")
local config = import("micro/config")
local ioutil = import("ioutil")
local shell = import("micro/shell")
local util = import("micro/util")

local WORDS = { "a", "“Go,” she said. ", "\n", "\n\n", "e\204\129", "日本", "\t", "”", "Ann Lee\nBo",
  "one\ntwo\nthree\n", "\240\159\152\128", "x\204\128\204\129y" }

local seed
local function random(most)
  seed = (seed * 16807) % 2147483647
  return seed % most + 1
end

local function somewhere(buf)
  local line = random(buf:LinesNum()) - 1
  return buffer.Loc(random(util.CharacterCountInString(buf:Line(line)) + 1) - 1, line)
end

local edits = {
  function(bp) bp.Buf:Insert(somewhere(bp.Buf), WORDS[random(#WORDS)]) end,
  function(bp) bp.Buf:Insert(somewhere(bp.Buf), WORDS[random(#WORDS)]) end,
  function(bp)
    local from, to = somewhere(bp.Buf), somewhere(bp.Buf)
    if from:GreaterThan(to) then from, to = to, from end
    if to.Y - from.Y < 4 then bp.Buf:Remove(from, to) end
  end,
  function(bp)
    local at = somewhere(bp.Buf)
    bp.Buf:Replace(at, buffer.Loc(at.X + 1, at.Y), WORDS[random(#WORDS)])
  end,
  function(bp) bp.Buf:UndoOneEvent() end,
  function(bp) bp.Buf:RedoOneEvent() end,
  function(bp) bp:Undo() end,
  function(bp) bp:Redo() end,
  function(bp) bp:MoveLinesDown() end,
  function(bp) bp:DuplicateLine() end,
  function(bp) bp:HandleCommand("replaceall 'she' 'he'") end,
  function(bp) bp:HandleCommand("replaceall 'Ann (L)' '$1\nAnn'") end,
  function(bp) bp:HandleCommand("retab") end,
}

local function write(path, bytes) ioutil.WriteFile(path, bytes, 420) end

local function gutter(bp, args)
  local lines, all = {}, bp.Buf.Messages or {}
  for i = 1, #all do
    local message = all[i]
    lines[i] = ("%d:%d %s\n"):format(message.Start.Y, message.Start.X, message.Msg)
  end
  write(args[1], table.concat(lines))
end

local function rounds(bp, left)
  if left == 0 then
    shell.JobSpawn("sleep", { "1" }, nil, nil, function() write("have", bp.Buf:Bytes()) end)
    return
  end
  for _ = 1, math.max(1, random(6) - 3) do edits[random(#edits)](bp) end
  shell.JobSpawn("sleep", { "0.01" }, nil, nil, function() rounds(bp, left - 1) end)
end

function init()
  config.MakeCommand("fuzz", function(bp, args)
    seed = tonumber(args[1])
    rounds(bp, tonumber(args[2]))
  end, config.NoComplete)
  config.MakeCommand("gutter", gutter, config.NoComplete)
end

-- lesspipe.lua - `postil lesspipe FILE`: what less(1) shows in place of a text, for
-- LESSOPEN='|postil lesspipe %s'.
--
--   host, code = lesspipe.begin(host, files)    code: done already, there is nothing to tag
--   lesspipe.show(run)                          what the command does
--   lesspipe.finish(run)                        its exit code, 0: shown, 1: nothing was written
--
-- less shows the file itself when nothing is written.  So that is what happens to all that is not
-- prose or has nothing to mark, in silence and before any rules are loaded.  Of a pipe ("-") less
-- has nothing else: what is not for us is passed on as it comes.

local documents = require "postil.command.documents"
local export = require "postil.export"
local prose = require "postil.command.prose"
local shown = require "postil.command.shown"

local M = {}

local SIZE_MAX = 1048576 -- bytes; a larger text would be waited for

-- The text of a file that may be tagged, or nil.
local function from_file(host, file)
  local size = host.size(file)
  if not size or size == 0 or size > SIZE_MAX or not prose.named(file) then return nil end
  local text = host.read(file)
  return text and prose.looks(text) and text or nil
end

-- The text of standard input, or nil when it was passed on.
local function from_pipe(host)
  local parts, size, bytes = {}, 0, host.some()
  while bytes do
    parts[#parts + 1], size = bytes, size + #bytes
    if size > SIZE_MAX or not prose.clean(bytes) then break end
    bytes = host.some()
  end
  local text = table.concat(parts)
  if not bytes and prose.looks(text) then return text end
  bytes = text
  while bytes and host.write(bytes) do bytes = host.some() end
  return nil
end

function M.begin(host, files)
  local file = files[1]
  local pipe = file == "-"
  local text
  if pipe then text = from_pipe(host) else text = from_file(host, file) end
  if not text then return host, pipe and 0 or 1 end
  local quiet = { text = text, say = function() end }
  function quiet.read(path) if path == file then return text end return host.read(path) end
  return setmetatable(quiet, { __index = host })
end

function M.show(run)
  local visit = shown(run, { legend = false, signs = true })
  documents.each(run, function(doc, text, name)
    if #export.wanted(doc, run.labels) == 0 and #doc:faults() == 0 then return end
    run.shown = true
    visit(doc, text, name)
  end)
  if not run.shown and run.files[1] == "-" then
    run:write(run.host.text)
    run.shown = true
  end
end

-- A pipe whose rules did not load is passed on, too.
function M.finish(run)
  if not run.shown and run.files[1] == "-" then run.host.write(run.host.text) end
  return (run.shown or run.files[1] == "-") and 0 or 1
end

return M

-- postil.lua - names and quotations in prose, in micro (2.0.8 or later), by the command `postil`.
--
-- Link or copy this folder to ~/.config/micro/plug/postil.  Then, at its prompt (Ctrl-e):
--
--   postil check          faults of quotation marks, as messages in the gutter
--   postil list [LABEL]   all tags, or those of a label, in the gutter
--   postil find NAME      each mention of a name in the gutter, and to the first one
--   postil who            who said what, in a pane below; and names, why (at the cursor)
--   postil fix            makes the repairs of quotation marks that are safe: one undo
--   postil next           to the next line that has a message; and previous
--   postil off            takes the messages away
--
-- Options: postil.command ("postil"), postil.maxsize (bytes).  No key is bound.  micro has no
-- colours for stretches of text, and nothing follows the typing: messages say what was there.
--
-- The command reads the file where that is saved, with the rules beside it if they are trusted;
-- else a copy of the text, without them.

if not import then return end -- Neovim comes by here

VERSION = "0.1.0"

local buffer = import("micro/buffer")
local config = import("micro/config")
local micro = import("micro")
local shell = import("micro/shell")
local util = import("micro/util")
local ioutil = import("ioutil")
local os = import("os")

local OWNER = "postil"

local function say(words) micro.InfoBar():Message("postil: " .. words) end
local function fail(words) micro.InfoBar():Error("postil: " .. words) end

-- ---- the command --------------------------------------------------------------------------------

local function command() return config.GetGlobalOption("postil.command") end

local function is_there()
  local _, err = shell.ExecCommand(command(), "--version")
  if err == nil then return true end
  fail("there is no command " .. command() .. "; install it, or set postil.command")
  return false
end

-- A folder of our own for what the command reads and writes; nil: it was told why not.
local made = 0
local function new_folder()
  made = made + 1
  local folder = ("%s/postil-%d-%d"):format(os.TempDir(), os.Getpid(), made)
  local err = os.Mkdir(folder, 448) -- 0700; one that is there already is not ours
  if err == nil then return folder end
  fail(err:Error())
  return nil
end

-- The file that the command reads, and whether it is a copy; nil: it was told why not.
local function file_of(buf, text)
  local most = config.GetGlobalOption("postil.maxsize")
  if #text > most then
    fail(("the text has %d bytes; postil.maxsize is %d"):format(#text, most))
    return nil
  end
  if buf.AbsPath ~= "" and not buf:Modified() then return buf.AbsPath, false end
  local folder = new_folder()
  if not folder then return nil end
  local err = ioutil.WriteFile(folder .. "/text", text, 384) -- 0600
  if err == nil then return folder .. "/text", true, folder end
  fail(err:Error())
  return nil
end

-- Runs the command over the text of a pane; go(output, file) if the text is still the same then.
-- Into a file, if one is named: then the output is what it complains of, and its status.
local function run(bp, arguments, go, into)
  if not is_there() then return end
  local buf = bp.Buf
  local text = util.String(buf:Bytes())
  local file, is_copy, folder = file_of(buf, text)
  if not file then return end
  local all = {}
  for i, one in ipairs(arguments) do
    all[i] = one:sub(1, 4) == "FILE" and file .. one:sub(5) or one
  end
  if not is_copy then table.insert(all, 2, "--sidecar") end
  local program = command()
  if into then
    table.insert(all, 1, program)
    table.insert(all, 1, into)
    for i, one in ipairs { "-c", '"$@" >"$0"; echo $?' } do table.insert(all, i, one) end
    program = "sh"
  end
  shell.JobSpawn(program, all, nil, nil, function(output)
    if is_copy then os.RemoveAll(folder) end
    if util.String(buf:Bytes()) == text then return go(output, file) end
    fail "the text has changed meanwhile; try again"
  end)
end

-- The lines FILE:LINE:COLUMN: WORDS of an output, and what else it says.
local function places(output, file)
  local rows, rest = {}, {}
  for line in output:gmatch "[^\n]+" do
    local row
    if line:sub(1, #file) == file then
      local l, c, words = line:sub(#file + 1):match "^:(%d+):(%d+): ?(.*)$"
      row = l and { line = tonumber(l), column = tonumber(c), words = words }
    end
    if row then rows[#rows + 1] = row else rest[#rest + 1] = line end
  end
  return rows, table.concat(rest, " ")
end

-- ---- what is shown ------------------------------------------------------------------------------

local function mark(buf, rows, kind)
  buf:ClearMessages(OWNER)
  for _, row in ipairs(rows) do
    local at = buffer.Loc(row.column - 1, row.line - 1)
    buf:AddMessage(buffer.NewMessage(OWNER, row.words, at, at, kind))
  end
end

local function go_to(bp, line, column)
  bp.Cursor:GotoLoc(buffer.Loc(column - 1, line - 1))
  bp:Relocate()
end

-- Marks lines of an output; says how many they are, or what went wrong.
local function marker(bp, kind, what, goes)
  return function(output, file)
    local rows, rest = places(output, file)
    if #rows == 0 and rest ~= "" then return fail(rest) end
    mark(bp.Buf, rows, kind)
    if goes and rows[1] then go_to(bp, rows[1].line, rows[1].column) end
    say(("%s: %d"):format(what, #rows))
  end
end

-- An output with the name of the buffer instead of that of the file.
local function with_name(output, file, name)
  local out, at = {}, 1
  local first, last = output:find(file, 1, true)
  while first do
    out[#out + 1] = output:sub(at, first - 1) .. name
    at = last + 1
    first, last = output:find(file, at, true)
  end
  return table.concat(out) .. output:sub(at)
end

local function show_below(bp, name)
  return function(output, file)
    if output == "" then return say(name .. ": there is nothing") end
    local words = with_name(output, file, bp.Buf:GetName())
    bp:HSplitBuf(buffer.NewBuffer(words, "postil " .. name))
  end
end

-- ---- subcommands --------------------------------------------------------------------------------

local commands = {}

function commands.check(bp)
  run(bp, { "check", "--columns", "chars", "FILE" }, marker(bp, buffer.MTWarning, "faults"))
end

function commands.list(bp, label)
  run(bp, { "tag", "--to", "lines", "--columns", "chars", "FILE" }, function(output, file)
    local kept = {}
    for line in output:gmatch "[^\n]+" do
      local own = line:sub(#file + 1):match "^:%d+:%d+: ([%w_]+):"
      if label == "" or own == label or not own then kept[#kept + 1] = line end
    end
    marker(bp, buffer.MTInfo, label == "" and "tags" or label)(table.concat(kept, "\n"), file)
  end)
end

function commands.find(bp, name)
  if name == "" then return fail "say which name: postil find NAME" end
  run(bp, { "find", "--columns", "chars", name, "FILE" }, marker(bp, buffer.MTInfo, name, true))
end

for _, name in ipairs { "who", "names" } do
  commands[name] = function(bp)
    run(bp, { name, "--columns", "chars", "FILE" }, show_below(bp, name))
  end
end

function commands.why(bp)
  local here = bp.Cursor.Loc
  run(bp, { "why", "--columns", "chars", ("FILE:%d:%d"):format(here.Y + 1, here.X + 1) },
    show_below(bp, "why"))
end

-- The text without its faults comes by a file: what the command complains of is not in there.
function commands.fix(bp)
  local folder = new_folder()
  if not folder then return end
  local fixed = folder .. "/fixed"
  run(bp, { "check", "--fix", "FILE" }, function(output)
    local text, trouble = ioutil.ReadFile(fixed)
    os.RemoveAll(folder)
    local status = output:match "(%d+)\n$"
    if trouble ~= nil or status ~= "0" and status ~= "1" then
      return fail((output:gsub("\n", " ")))
    end
    bp.Buf:ClearMessages(OWNER)
    bp.Buf:ApplyDiff(util.String(text))
    say(status == "0" and "no fault is left" or "some faults are left: postil check")
  end, fixed)
end

function commands.off(bp)
  bp.Buf:ClearMessages(OWNER)
end

-- To the nearest message before or behind the line of the cursor.
local function step(bp, is_nearer, is_beyond)
  local here, found, words = bp.Cursor.Y, nil, nil
  for i = 1, #bp.Buf.Messages do
    local one = bp.Buf.Messages[i]
    local line = one.Start.Y
    local is_first = not found or is_nearer(line, found.Y)
    if one.Owner == OWNER and is_beyond(line, here) and is_first then
      found, words = one.Start, one.Msg
    end
  end
  if not found then return say "there is no message that way" end
  go_to(bp, found.Y + 1, found.X + 1)
  say(words)
end

local function is_less(a, b) return a < b end
local function is_more(a, b) return a > b end

function commands.next(bp) step(bp, is_less, is_more) end
function commands.previous(bp) step(bp, is_more, is_less) end

local NAMES = {}
for name in pairs(commands) do NAMES[#NAMES + 1] = name end
table.sort(NAMES)

local function complete(buf)
  local input = buffer.GetArg(buf)
  local chosen, rests = {}, {}
  for _, name in ipairs(NAMES) do
    if name:sub(1, #input) == input then
      chosen[#chosen + 1], rests[#rests + 1] = name, name:sub(#input + 1)
    end
  end
  return rests, chosen
end

function init()
  config.MakeCommand("postil", function(bp, args)
    local words = {}
    for i = 2, #args do words[#words + 1] = args[i] end
    local name = #args > 0 and args[1] or "check"
    if not commands[name] then
      return fail(("there is no postil %s; there are %s"):format(name, table.concat(NAMES, ", ")))
    end
    commands[name](bp, table.concat(words, " "))
  end, complete)
end

function preinit()
  config.RegisterGlobalOption("postil", "command", "postil")
  config.RegisterGlobalOption("postil", "maxsize", 33554432)
end

-- hosts.lua - what a keystroke costs in each editor, in a long text, with postil and without it.
--
--   lua5.4 hosts.lua FILE [KEYS [EDITOR ...]]
--
-- Opens the text in the real editor on a terminal of its own (tmux), waits until all is still, and
-- types KEYS characters in the middle, as a quick typist does; some before that, uncounted, load
-- what is loaded when it is first used.  Prints milliseconds of computing for each key: of the
-- editor, which is what somebody who types may notice, and of the processes beside it; median,
-- 95th percentile and the slowest.  What is drawn, and what is tagged between two keys, counts with
-- the key before.  The binding and the command are those of the checkout that this runs in.

local PAUSE = 0.08       -- seconds between two keys
local SETTLED = 0.02     -- as much computing in a second is none
local PATIENCE = 120     -- seconds
local WARM = 10          -- keys that do not count
local TYPED = "the river and the town "

local file, keys = assert(arg[1], "hosts.lua FILE [KEYS [EDITOR ...]]"), tonumber(arg[2] or 150)
local folder = os.tmpname()
os.remove(folder)

local function read(path)
  local handle = io.open(path, "rb")
  if not handle then return nil end
  local text = handle:read "a"
  handle:close()
  return text
end
local function write(path, text)
  local handle = assert(io.open(path, "wb"))
  assert(handle:write(text))
  assert(handle:close())
end
local function quoted(word) return "'" .. word:gsub("'", "'\\''") .. "'" end
local function output(command)
  local handle = assert(io.popen(command))
  local text = handle:read "a"
  handle:close()
  return text
end
local function sleep(seconds) os.execute(("sleep %.3f"):format(seconds)) end

-- ---- Editors ------------------------------------------------------------------------------------

local top = output("pwd"):gsub("\n", "")
local build = os.getenv "BUILD" or "build"
if build:sub(1, 1) ~= "/" then build = top .. "/" .. build end
local postil = os.getenv "POSTIL" or build .. "/postil"

-- Each: how it is started at a line, the keys that turn postil on, and those before the first that
-- is typed.  What an editor writes goes to the folder, which is its home.
local function vim(means, settings)
  return {
    name = "vim.nox", means = means, on = ":Postil on", insert = "i",
    start = ("vim.nox -N -u NONE -n -i NONE --cmd %s -S %s/plugin/postil.vim"):format(
      quoted(settings), top),
  }
end
-- vis tags a text on with each key, if no command does so at once.
local function vis(means, on)
  return {
    name = "vis", means = means, on = on, insert = "i",
    start = ("LUA_CPATH='%s/5.3/?.so;;' LUA_PATH='%s/lua/?.lua;%s/lua/?/init.lua;;' vis"):format(
      build, top, top),
  }
end
local editors = {
  {
    name = "nvim", on = ":Postil on", insert = "i",
    start = ("LUA_CPATH='%s/5.1/?.so;;' nvim --clean -n -i NONE --cmd %s"):format(build,
      quoted("set rtp^=" .. top)),
  },
  vim("in-process", "let g:postil = {}"),
  vim("a job", ("let g:postil = {'command': '%s'}"):format(postil)),
  {
    name = "emacs", on = "postil-mode", prompt = "M-x",
    start = ("emacs -nw -Q -L %s/emacs --eval %s -l postil"):format(folder,
      quoted(([[(setq postil-program "%s" auto-save-default nil create-lockfiles nil
        native-comp-deferred-compilation nil large-file-warning-threshold nil
        inhibit-startup-screen t)]]):format(postil))),
  },
  vis("is tagging", ":postil on"),
  vis("has tagged", ":postil! find zzz"),
  {
    name = "kak", on = ": postil-on", insert = "i",
    start = ("kak -n -e %s"):format(quoted(("source %s/plugin/kak/postil.kak; require-module " ..
      "postil; set-option global postil_command %s"):format(top, postil))),
  },
  {
    name = "micro", on = "postil on", prompt = "C-e",
    start = ("PATH=%s:$PATH micro -config-dir %s/micro -backup false"):format(build, folder),
  },
}

-- ---- A terminal with one in it ------------------------------------------------------------------

local mark = "POSTIL_BENCH=" .. folder:match "[^/]+$"
local tmux = ("tmux -f /dev/null -L %s "):format(mark:gsub("=", "-"))

local function keys_of(words) os.execute(tmux .. "send-keys " .. words) end

-- The processes of this run: what tmux started, with all that came of it, wherever it went.
local function processes()
  local list = {}
  local found = output(("grep -l -z -x %s /proc/[0-9]*/environ 2>/dev/null"):format(mark))
  for number in found:gmatch "/proc/(%d+)/" do
    if not (read("/proc/" .. number .. "/comm") or ""):find "tmux" then
      list[#list + 1] = number
    end
  end
  return list
end

-- Milliseconds of computing so far, of all threads, and of the children that were waited for.
local function computed(number)
  local total = 0
  local tasks = output(("cat /proc/%s/task/*/schedstat 2>/dev/null"):format(number))
  for task in tasks:gmatch "[^\n]+" do total = total + tonumber(task:match "^%d+") / 1e6 end
  local stat = (read("/proc/" .. number .. "/stat") or ""):match ".*%) (.*)"
  if not stat then return total end
  local fields = {}
  for field in stat:gmatch "%S+" do fields[#fields + 1] = field end
  return total + (tonumber(fields[14]) + tonumber(fields[15])) * 10
end

local function both(editor)
  local first, others = 0, 0
  for _, number in ipairs(processes()) do
    if number == editor then first = computed(number) else others = others + computed(number) end
  end
  return first, others
end

local function settle(editor)
  local before = -math.huge
  for _ = 1, PATIENCE do
    local first, others = both(editor)
    if first + others - before < SETTLED * 1000 then return true end
    before = first + others
    sleep(1)
  end
  return false
end

-- ---- Figures ------------------------------------------------------------------------------------

local function quantile(list, q)
  table.sort(list)
  return list[math.max(1, math.ceil(q * #list))]
end
local function figures(list)
  return ("%7.2f %7.2f %8.2f"):format(quantile(list, 0.5), quantile(list, 0.95), quantile(list, 1))
end

local function lines_of(path)
  local count = 0
  for _ in io.lines(path) do count = count + 1 end
  return count
end

local function measure(one, on, line)
  write(folder .. "/home/text.txt", read(file))
  local command = ("exec env %s HOME=%s/home XDG_RUNTIME_DIR=%s %s +%d text.txt"):format(
    mark, folder, folder, one.start, line)
  os.execute(("%s new-session -d -x 100 -y 40 -c %s/home %s"):format(tmux, folder, quoted(command)))
  local editor = output(tmux .. "display -p '#{pane_pid}'"):match "%d+"
  local settled = settle(editor)
  if on then
    if one.prompt then keys_of(one.prompt) end
    keys_of("-l " .. quoted(one.on))
    keys_of "Enter"
    sleep(1)
    settled = settle(editor)
  end
  if one.insert then keys_of(one.insert) end
  local editing, beside = {}, {}
  local first, others
  for i = 1 - WARM, keys do
    if i == 1 then
      settled = settle(editor) and settled
      first, others = both(editor)
    end
    local at = (i - 1) % #TYPED + 1
    keys_of("-l " .. quoted(TYPED:sub(at, at)))
    sleep(PAUSE)
    if i > 0 then
      local first_now, others_now = both(editor)
      editing[i], beside[i] = first_now - first, others_now - others
      first, others = first_now, others_now
    end
  end
  local shot = output(tmux .. "capture-pane -p")
  os.execute(tmux .. "kill-server")
  print(("%-8s %-11s %-4s %s   %s%s"):format(one.name, one.means or "", on and "on" or "off",
    figures(editing), figures(beside), settled and "" or "  (never settled)"))
  return shot
end

os.execute(("mkdir -p %s/home/.config/vis/plugins %s/micro/plug"):format(folder, folder))
os.execute(("cp -R %s/plugin/emacs %s"):format(top, folder))
os.execute("! command -v emacs >/dev/null || emacs -Q --batch -f batch-byte-compile "
  .. folder .. "/emacs/postil.el")
os.execute(("ln -s %s/plugin/vis %s/home/.config/vis/plugins/postil"):format(top, folder))
os.execute(("ln -s %s/plugin/micro %s/micro/plug/postil"):format(top, folder))
write(folder .. "/home/.config/vis/visrc.lua", "require 'vis'\nrequire 'plugins/postil'\n")
local wanted = {}
for i = 3, #arg do wanted[arg[i]] = true end
local middle = lines_of(file) // 2
print(("%-25s %24s   %24s"):format("", "editor: median, 95 %, worst", "beside it"))
for _, one in ipairs(editors) do
  if not arg[3] or wanted[one.name] then
    if os.execute(("command -v %s >/dev/null"):format(one.name)) then
      measure(one, false, middle)
      local shot = measure(one, true, middle)
      if os.getenv "SHOTS" then print(shot) end
    else
      print(("skipped: no %s here"):format(one.name))
    end
  end
end
os.execute("rm -rf " .. folder)

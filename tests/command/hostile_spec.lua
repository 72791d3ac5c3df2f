-- Rule files that try to do harm, in the command: each is a trusted sidecar of one text.  It ends in
-- time and within its memory, its file and line are named, and another text is tagged by other rules.

local hostile = require "hostile"

local POSTIL = assert(os.getenv "POSTIL", "POSTIL names the command")
local SANITIZED = POSTIL:find "asan" -- takes longer and more

-- Runs a shell command in a folder: its status, and what it wrote to `out` and `err`.
local function sh(folder, command)
  local _, _, status = os.execute(("cd %s && { %s; } >out 2>err </dev/null"):format(folder, command))
  local function slurp(name)
    local file = assert(io.open(folder .. "/" .. name, "rb"))
    local text = file:read "a"
    file:close()
    return text
  end
  return status, slurp "out", slurp "err"
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

-- Seconds of the processor and kB of memory, which stop what does not stop itself.
local LIMITS = SANITIZED and "" or "ulimit -t 4; ulimit -v 300000; "
local PATIENCE = SANITIZED and 240 or 60 -- seconds on the clock, of a busy machine

-- How a run ended, from what it said: "load" or "tag" and the message, "limit" or "fine".
local function ending(status, err)
  local words = err:match "^postil: a%.txt: (.*)$"
  if words then return "tag", words end
  if err:find "^postil: a%.txt:%d+:%d+: the rule .* takes too many steps" then return "limit" end
  if err ~= "" then return "load", err end
  return status == 0 and "fine" or "nothing said"
end

describe("a hostile sidecar", function()
  local folder

  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    write(folder .. "/good.lua", hostile.good)
    write(folder .. "/b.txt", hostile.good_text)
    write(folder .. "/big.tsv", hostile.table())
  end)

  teardown(function() os.execute("rm -r " .. folder) end)

  for _, trick in ipairs(hostile.all()) do
    it(trick.name .. ": " .. trick.about:gsub("%c", "?"), function()
      write(folder .. "/a.txt", trick.text)
      write(folder .. "/a.txt.postil.lua", trick.source)
      local status, out, err = sh(folder, LIMITS .. ("export XDG_STATE_HOME=$PWD/state; " ..
        "%s trust a.txt.postil.lua >trusted && " ..
        "timeout %d %s tag --rules good.lua --sidecar --to lines a.txt b.txt"):format(POSTIL,
        PATIENCE, POSTIL))
      local kind, message = ending(status, err)
      if not hostile.allows(trick, kind, "a.txt.postil.lua", message) then
        error(("%s, status %s: %s"):format(kind, status, err:sub(1, 500)))
      end
      assert.equal(kind == "fine" and 0 or 2, status)
      assert.equal("b.txt:1:7: word: here\n", out:match "[^\n]*\n$")
      if kind == "load" or kind == "tag" then assert.equal("b.txt:1:7: word: here\n", out) end
      assert.is_nil(err:find "[%z\1-\9\11-\31\127]")
    end)
  end

  it("is named among other rules, and then nothing is tagged", function()
    write(folder .. "/x.lua", "-- rules\nwhile true do end\n")
    local status, out, err = sh(folder, LIMITS .. POSTIL ..
      " --rules ./good.lua --rules ./x.lua --rules ./good.lua a.txt b.txt")
    assert.equal(2, status)
    assert.equal("", out)
    assert.matches("^%./x%.lua:2: too much work\n", err)
  end)
end)

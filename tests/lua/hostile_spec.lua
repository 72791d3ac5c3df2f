-- Rule files that try to do harm, in a host: it lives, is as it was, and other rules work.

local hostile = require "hostile"
local postil = require "postil"

local PEAK = 512 * 1024 -- kB: one file may take 256 MiB, and malloc keeps some of what was freed

-- The most memory that this process has had, in kB.
local function peak()
  local file = io.open "/proc/self/status"
  local text = file and file:read "*a" or ""
  if file then file:close() end
  return tonumber(text:match "VmHWM:%s*(%d+)") or 0
end

-- What a rule file must not change.
local function host()
  local state = { locale = os.setlocale(nil, "all"), index = getmetatable("").__index, hook = debug.gethook() }
  for _, name in ipairs { "_G", "string", "table", "math", "os", "io" } do
    for key, value in pairs(_G[name]) do state[name .. "." .. tostring(key)] = value end
  end
  for key, value in pairs(getmetatable "") do state["meta." .. key] = value end
  return state
end

local function has_limit(doc)
  for _, fault in ipairs(doc:faults()) do
    if fault.fault == "too-complex" then return true end
  end
  return false
end

-- How a trick ends: "load" or "tag" and the message, "limit" or "fine".
local function run(trick, folder)
  local file = trick.name .. ".lua"
  local set, message = postil.load { { source = trick.source, name = file, path = folder .. "/" .. file },
    { source = hostile.good, name = "good.lua" } }
  if not set then return "load", message end
  local doc, words = set:tag(trick.text)
  local good = assert(set:tag(hostile.good_text))
  assert.equal("here", good:tags("word")[1].text)
  local limit = doc and has_limit(doc)
  set:close()
  if not doc then return "tag", words end
  return limit and "limit" or "fine"
end

describe("a hostile rule file", function()
  local folder, before, memory

  setup(function()
    local path = os.tmpname()
    folder = path .. ".d"
    os.remove(path)
    assert(postil.core.files.keep(folder, "big.tsv", hostile.table))
    memory = peak()
  end)

  teardown(function()
    for _, name in ipairs { "/big.tsv", "/big.tsv.lock", "" } do os.remove(folder .. name) end
  end)

  before_each(function() before = host() end)

  for _, trick in ipairs(hostile.all()) do
    it(trick.name .. ": " .. trick.about:gsub("%c", "?"), function()
      local kind, message = run(trick, folder)
      if not hostile.allows(trick, kind, trick.name .. ".lua", message) then
        error(kind .. ": " .. tostring(message))
      end
      message = message or ""
      assert.is_nil(message:find "[%z\1-\9\11-\31\127]")
      assert.is_true(#message < 200 * 1024)
      assert.same(before, host())
      assert.equal(1, #assert(postil.load(hostile.good)):tag(hostile.good_text):tags())
    end)
  end

  it("takes no more memory than it may", function()
    if postil.core.patience > 1 then return end -- sanitizers keep what was freed
    collectgarbage()
    assert.is_true(peak() - memory < PEAK, peak() - memory .. " kB")
  end)
end)

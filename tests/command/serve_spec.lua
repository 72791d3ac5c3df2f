-- `postil serve` as a process: what PROTOCOL.md shows, streams that end or are not read, long texts.
-- (tests/lua/serve_spec.lua asks the verbs, and sends what is wrong.)

local served = require "served"

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

describe("postil serve", function()
  local folder

  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(os.execute("mkdir " .. folder))
    folder = io.popen("cd " .. folder .. " && pwd -P"):read "l"
  end)

  teardown(function() os.execute("rm -r " .. folder) end)

  it("says what PROTOCOL.md shows", function()
    local one, count = served.start(folder), 0
    for mark, line in slurp "plugin/PROTOCOL.md":gmatch "\n    ([<>]) ([^\n]*)" do
      if mark == ">" then
        one:say(line)
      else
        assert.equal(line, one:line())
        count = count + 1
      end
    end
    assert.is_true(count > 50)
    local status, rest = one:finish()
    assert.equal("", rest)
    assert.equal(0, status)
  end)
end)

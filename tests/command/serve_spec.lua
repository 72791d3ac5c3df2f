-- `postil serve` as a process: what PROTOCOL.md shows, streams that end or are not read, long texts.
-- (tests/lua/serve_spec.lua asks the verbs, and sends what is wrong.)

local json_read = require "postil.json_read"
local served = require "served"

local POSTIL = assert(os.getenv "POSTIL", "POSTIL names the command")
local SANITIZED = POSTIL:find "asan" -- takes longer

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

describe("postil serve", function()
  local folder

  local function write(name, text)
    local file = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(text)
    file:close()
  end

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

  -- The tags that `postil tag` writes of a text, as `faces` tells them.
  local function tagged(text, unit)
    write("a.txt", text)
    local line = io.popen(("cd %s && %s tag --to jsonl a.txt"):format(folder, POSTIL)):read "a"
    local out = {}
    local function add(byte)
      local before = text:sub(1, byte)
      local _, feeds = before:gsub("\n", "")
      local column = before:sub(before:match "^.*\n()" or 1)
      out[#out + 1], out[#out + 2] = feeds + 1, 1 + (unit == "byte" and #column
        or utf8.len(column) + (unit == "utf16" and select(2, column:gsub("[\240-\247]", "")) or 0))
    end
    for _, tag in ipairs(json_read.value(line).tags) do
      add(tag.start)
      add(tag["end"])
      out[#out + 1] = tag.label
    end
    return out
  end

  for _, unit in ipairs { "byte", "char", "utf16" } do
    it("tells what `postil tag` does, after edits, in " .. unit .. "s", function()
      local one = served.start(folder, "--clean")
      assert.is_true(one:ask { ["do"] = "hello", unit = unit }.ok)
      local text = "😀 " .. slurp "tests/sample/article.txt"
      assert.is_true(one:ask { ["do"] = "open", text = "t", content = text }.ok)
      for n = 1, 12 do
        -- Line n goes where line 2n stands, and is lost where it was.
        local list = {}
        for line in text:gmatch "[^\n]*\n" do list[#list + 1] = line end
        local moved = table.remove(list, n)
        table.insert(list, 2 * n, moved)
        text = table.concat(list)
        assert.is_true(one:ask { ["do"] = "edit", text = "t", from = { n, 1 }, to = { n + 1, 1 },
          content = "" }.ok)
        assert.is_true(one:ask { ["do"] = "lines", text = "t", first = 2 * n, last = 2 * n - 1,
          content = moved, size = #text }.ok)
      end
      assert.is_true(one:ask { ["do"] = "wait", text = "t" }.done)
      assert.same(tagged(text, unit), one:ask { ["do"] = "faces", text = "t" }.spans)
      assert.equal(0, (one:finish()))
    end)
  end

  it("ends with its input, all answered", function()
    local one = served.start(folder)
    one:say '{"id":1,"do":"open","text":"t","content":"Oslo"}'
    one.to:write '\n \n{"id":2,"do":"faces","text":"t"}' -- no line feed
    local status, rest = one:finish()
    assert.equal(0, status)
    assert.matches('^{"id":1,"ok":true}\n', rest)
    assert.matches('{"id":2,"ok":true[^\n]*}\n', rest)
    status, rest = served.start(folder):finish()
    assert.same({ 0, "" }, { status, rest })
  end)

  it("ends when it is told to, whatever comes then", function()
    local one = served.start(folder)
    one.to:write '{"id":1,"do":"quit"}\n{"id":2,"do":"hello"}\n'
    local status, rest = one:finish()
    assert.same({ 0, '{"id":1,"ok":true}\n' }, { status, rest })
  end)

  it("ends when nobody reads, also while it waits", function()
    write("sh", ("%s serve <in2; echo $? >status\n"):format(POSTIL))
    assert(os.execute(("cd %s && mkfifo in2"):format(folder)))
    assert(os.execute(("cd %s; timeout 60 sh ./sh | read -r line &"):format(folder)))
    local to = assert(io.open(folder .. "/in2", "wb"))
    to:write '{"id":1,"do":"hello"}\n'
    to:flush()
    local deadline = os.time() + 60
    local status
    repeat
      local file = io.open(folder .. "/status")
      status = file and file:read "l"
      if file then file:close() end
    until status or os.time() > deadline
    to:close()
    assert.equal("0", status)
  end)

  it("skips a line that is too long", function()
    local one = served.start(folder)
    one.to:write('{"id":1,"do":"open","text":"t","content":"')
    local piece = ("a"):rep(1048576)
    for _ = 1, 64 do one.to:write(piece) end
    one:say '"}'
    assert.equal('{"id":null,"error":"a line has at most 67108864 bytes; this one was skipped"}',
      one:line())
    assert.equal('no text "t" is open', one:ask { ["do"] = "faces", text = "t" }.error)
    assert.equal(0, (one:finish()))
  end)

  it("takes options and files as any command", function()
    local function run(words)
      local from = io.popen(("cd %s && %s serve %s 2>&1 </dev/null"):format(folder, POSTIL, words))
      local said = from:read "a"
      local _, _, status = from:close()
      return { status, said }
    end
    assert.same({ 2, "postil: serve takes no files: texts come with requests on standard input\n" },
      run "a.txt")
    assert.same({ 2, "postil: this command has no option --rules\n" }, run "--rules news")
    assert.equal(0, run "--help"[1])
  end)

  -- ---- long texts ----------------------------------------------------------------------------

  local LONG = SANITIZED and 1 or 10 -- MB

  it("answers while a long text is being tagged, what is seen first", function()
    local article = slurp "tests/sample/article.txt"
    local times = LONG * 1048576 // #article
    local _, height = article:gsub("\n", "")
    local one = served.start(folder)
    assert.is_true(one:ask { ["do"] = "open", text = "t", content = article:rep(times) }.ok)
    local middle = times // 2 * height
    local seen = { middle + 1, 1, middle + height + 1, 1 }
    one:ask { ["do"] = "faces", text = "t", span = seen }
    assert.equal("changed", one:event "changed".event)
    local said = one:ask { ["do"] = "faces", text = "t", span = seen }
    assert.is_false(said.done)
    local early = said.spans
    assert.is_true(#early > 100)
    -- An edit in it is followed at once.
    assert.is_true(one:ask { ["do"] = "lines", text = "t", first = middle + 1, last = middle,
      content = "Next, to Oslo.\n\n" }.ok)
    one:event "changed"
    said = one:ask { ["do"] = "faces", text = "t", span = { middle + 1, 1, middle + 2, 1 },
      labels = { "city" } }
    assert.is_false(said.done)
    assert.same({ middle + 1, 10, middle + 1, 14, "city" }, said.spans)
    -- Another text does not wait for it.
    assert.is_true(one:ask { ["do"] = "open", text = "u", content = "Oslo\n" }.ok)
    assert.is_true(one:ask { ["do"] = "wait", text = "u" }.done)
    assert.is_false(one:ask { ["do"] = "faces", text = "t", span = seen }.done)
    assert.equal(0, (one:finish()))
  end)

  it("goes on when its answers are not read for long", function()
    local article = slurp "tests/sample/article.txt"
    local one = served.start(folder)
    one:ask { ["do"] = "open", text = "t", content = article:rep(50) }
    one:ask { ["do"] = "wait", text = "t" }
    -- Answers of some MB wait in it, and what is asked meanwhile in the pipe.
    write("asks", ('{"id":"x","do":"tags","text":"t"}\n'):rep(8) .. '{"id":"end","do":"quit"}\n')
    assert(os.execute(("cd %s && cat asks >in &"):format(folder)))
    local n = 0
    local line
    repeat
      line = one:line()
      if line and line:find '^{"id":"x","ok":true' then n = n + 1 end
    until not line or line:find '^{"id":"end"'
    assert.equal(8, n)
    assert.equal('{"id":"end","ok":true}', line)
    assert.equal(0, (one:finish()))
  end)
end)

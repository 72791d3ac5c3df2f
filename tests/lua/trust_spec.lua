-- What trust believes and keeps, over files of a host that is a table, and over real ones.

local postil = require "postil"
local trust = require "postil.trust"

local files = postil.core.files

local function digits(letter) return (letter:rep(64)) end

-- A host without a disk: links by path, one record, sha256 by content.
local function host(record, links)
  local self = { record = record or "", folders = {} }
  function self.real(path)
    if path:find "^/gone" then return nil, "No such file" end
    return links and links[path] or path:find "^/" and path or "/p/" .. path
  end
  function self.sha256(source) return digits(source) end
  function self.kept(folder, name)
    self.folders[folder .. "/" .. name] = true
    if self.broken then return nil, self.broken end
    return self.record
  end
  function self.keep(_, _, change)
    if self.broken then return nil, self.broken end
    local new, words = change(self.record)
    if not new then return nil, words end
    self.record = new
    return true
  end
  return self
end

local function open(disk, env)
  env = env or { HOME = "/home/u" }
  return trust.open(disk, function(name) return env[name] end)
end

describe("trust", function()
  it("is of a path and a content", function()
    local disk = host()
    local t = open(disk)
    assert.same({ "unknown", "/p/a.lua" }, { t:state("/p/a.lua", "a") })
    assert.equal("/p/a.lua", t:add("/p/a.lua", "a"))
    assert.equal(digits "a" .. "  /p/a.lua\n", disk.record)
    assert.equal("trusted", (t:state("/p/a.lua", "a")))
    assert.equal("changed", (t:state("/p/a.lua", "b")))
    assert.equal("unknown", (t:state("/p/b.lua", "a")))
    t:add("/p/a.lua", "b")
    assert.equal(digits "b" .. "  /p/a.lua\n", disk.record)
    assert.equal("changed", (t:state("/p/a.lua", "a")))
  end)

  it("says why not and what to do", function()
    local disk = host()
    local t = open(disk)
    assert.equal("not trusted: rules of a project run only after `postil trust a.lua`",
      t:refusal("a.lua", "a"))
    assert.matches("`postil trust 'it'\\''s.lua'`$", t:refusal("it's.lua", "a"))
    assert.matches("`postil trust %-%- '%-a.lua'`$", t:refusal("-a.lua", "a"))
    t:add("a.lua", "a")
    assert.is_nil(t:refusal("a.lua", "a"))
    assert.equal("changed since it was trusted: read it, then `postil trust a.lua`", t:refusal("a.lua", "b"))
    disk.broken = "others can write to it"
    assert.equal("not trusted: /home/u/.local/state/postil/trust: others can write to it",
      t:refusal("a.lua", "a"))
    assert.equal("not trusted: No such file", t:refusal("/gone", "a"))
    assert.same({ nil, "/home/u/.local/state/postil/trust: others can write to it" }, { t:add("a.lua", "a") })
    assert.same({ nil, "/home/u/.local/state/postil/trust: others can write to it" }, { t:list() })
  end)

  it("counts a link as where it leads", function()
    local links = { ["/p/a.lua"] = "/q/b.lua" }
    local t = open(host("", links))
    t:add("/p/a.lua", "a")
    assert.equal("trusted", (t:state("/q/b.lua", "a")))
    links["/p/a.lua"] = "/q/c.lua"
    assert.equal("unknown", (t:state("/p/a.lua", "a")))
  end)

  it("keeps its record where the environment says", function()
    local disk = host()
    open(disk, { HOME = "/h" }):list()
    open(disk, { HOME = "/h", XDG_STATE_HOME = "/s" }):list()
    open(disk, { HOME = "/h", XDG_STATE_HOME = "relative" }):list()
    open(disk, { HOME = "/h", XDG_STATE_HOME = "" }):list()
    assert.same({ ["/h/.local/state/postil/trust"] = true, ["/s/postil/trust"] = true }, disk.folders)
    for _, env in ipairs { {}, { HOME = "" }, { HOME = "relative" } } do
      local t = open(disk, env)
      assert.matches("^not trusted: there is no place", t:refusal("a", "a"))
      assert.is_nil((t:add("a", "a")))
      assert.is_nil((t:remove "a"))
    end
  end)

  it("reads lines as sha256sum writes them, and believes no other", function()
    local a = digits "a"
    local t = open(host(table.concat({ "# mine", a .. "  /p/x", digits "b" .. "  /p/x", digits("A") .. "  /p/up",
      "\\" .. a .. "  /p/n\\nl\\\\n", a .. " /p/one", a .. " */p/star", a:sub(2) .. "  /p/short", a .. "a  /p/long",
      a .. "  relative", digits "g" .. "  /p/g", a .. "  /p/last" }, "\n")))
    assert.equal("changed", (t:state("/p/x", "a"))) -- the last line counts
    assert.equal("trusted", (t:state("/p/x", "b")))
    assert.equal("trusted", (t:state("/p/up", "a")))
    assert.equal("trusted", (t:state("/p/n\nl\\n", "a")))
    assert.equal("trusted", (t:state("/p/last", "a")))
    for _, name in ipairs { "/p/one", "/p/star", "/p/short", "/p/long", "relative", "/p/g", "/p/n" } do
      assert.equal("unknown", (t:state(name, "a")), name)
    end
    local names = {}
    for i, entry in ipairs(t:list()) do names[i] = entry.path end
    assert.same({ "/p/last", "/p/n\nl\\n", "/p/up", "/p/x" }, names)
  end)

  it("leaves alone what it does not know", function()
    local disk = host("# mine\n" .. digits "a" .. "  /p/x\n\nend")
    local t = open(disk)
    t:add("/p/x", "b")
    assert.equal("# mine\nend\n" .. digits "b" .. "  /p/x\n", disk.record)
    t:add("/p/l\n\\", "a")
    assert.equal("/p/l\n\\", t:remove "/p/l\n\\")
    assert.equal("/p/x", t:remove "/p/x")
    assert.equal("# mine\nend\n", disk.record)
    assert.is_false(t:remove "/p/x")
    assert.equal("# mine\nend\n", disk.record)
  end)

  it("forgets a file that is gone, by its folder", function()
    local disk = host(digits "a" .. "  /gone/x\n" .. digits "a" .. "  /p/gone.lua\n")
    local t = open(disk)
    assert.equal("/gone/x", t:remove "/gone/x")
    function disk.real(path) return path == "sub/" and "/p" or nil end
    assert.equal("/p/gone.lua", t:remove "sub/gone.lua")
    assert.equal("", disk.record)
  end)
end)

describe("core.files", function()
  local folder, path

  before_each(function()
    path = os.tmpname()
    folder = path .. ".d"
  end)

  after_each(function()
    for _, name in ipairs { path, folder .. "/r", folder .. "/r.lock", folder .. "/r.new",
      folder .. "/trust", folder .. "/trust.lock", folder .. "/postil/trust", folder .. "/postil/trust.lock",
      folder .. "/postil", folder } do
      os.remove(name)
    end
  end)

  local function write(text)
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
  end

  it("has SHA-256", function()
    assert.equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", files.sha256 "")
    assert.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", files.sha256 "abc")
    assert.not_equal(files.sha256 "a\0b", files.sha256 "a\0c")
  end)

  it("reads regular files whole", function()
    local text = ("a\0b\n"):rep(70000)
    write(text)
    assert.equal(text, files.read(path))
    assert.same({ nil, "is too large" }, { files.read(path, 1000) })
    assert.same({ nil, "is a directory" }, { files.read "/" })
    assert.same({ nil, "is no regular file" }, { files.read "/dev/null" })
    assert.same({ nil, "no file has such a name" }, { files.read(path .. "\0x") })
    assert.same({ nil, "no file has such a name" }, { files.real(path .. "\0x") })
    os.remove(path)
    assert.same({ nil, "No such file or directory" }, { files.read(path) })
    assert.is_nil((files.real(path)))
  end)

  it("keeps a record that is old or new", function()
    assert.equal("", files.kept(folder, "r"))
    assert.is_true(files.keep(folder, "r", function(old) return old .. "one\0" end))
    assert.is_true(files.keep(folder, "r", function(old) return old .. "two" end))
    assert.equal("one\0two", files.kept(folder, "r"))
    assert.same({ nil, "no" }, { files.keep(folder, "r", function() return nil, "no" end) })
    assert.same({ nil, "the change is no text" }, { files.keep(folder, "r", function() return { "x" } end) })
    local ok, words = files.keep(folder, "r", function() error("oh", 0) end)
    assert.same({ nil, "oh" }, { ok, words })
    assert.same({ nil, "the change failed" }, { files.keep(folder, "r", function() error {} end) })
    assert.same({ nil, "would be too large" },
      { files.keep(folder, "r", function() return ("x"):rep(5e6) end) })
    assert.equal("one\0two", files.kept(folder, "r"))
    assert.is_nil(io.open(folder .. "/r.new"))
    -- within a change the lock is held; it is let go after each of those failures
    assert.is_true(files.keep(folder, "r", function() return "last" end))
    assert.equal("last", files.kept(folder, "r"))
    assert.same({ nil, "such a name is too long" },
      { files.keep(folder, ("n"):rep(99), function() return "" end) })
  end)

  it("lets one change at a time in", function()
    local ok, words
    assert.is_true(files.keep(folder, "r", function()
      ok, words = files.keep(folder, "r", function() return "inner" end)
      return "outer"
    end))
    assert.same({ nil, "another program is changing it" }, { ok, words })
    assert.equal("outer", files.kept(folder, "r"))
  end)

  it("says no to a folder that cannot be", function()
    write "a file"
    assert.same({ nil, "Not a directory" }, { files.kept(path, "r") })
    assert.same({ nil, "Not a directory" }, { files.keep(path .. "/sub", "r", function() return "" end) })
  end)

  it("is what postil.load asks for a file of a project", function()
    local env = { XDG_STATE_HOME = folder }
    local own = postil.trust
    finally(function() postil.trust = own end)
    function postil.trust()
      return trust.open(files, function(name) return env[name] end)
    end
    write "tag.x 'one'"
    local list = { "tag.y 'two'", { path = path, project = true } }
    local set, message, errors = postil.load(list)
    assert.is_nil(set)
    assert.equal(path .. ": not trusted: rules of a project run only after `postil trust " .. path .. "`", message)
    assert.equal(path, errors[1].file)
    assert(postil.trust():add(path, files.read(path)))
    assert.equal(2, #assert(postil.load(list)):tag("one two"):tags())
    assert.equal(1, #assert(postil.load(list[2])):tag("one two"):tags())
    local before = assert(postil.load(list[2]))
    write "tag.x 'two'"
    set, message = postil.load(list[2])
    assert.is_nil(set)
    assert.matches("changed since it was trusted", message)
    assert.same({}, (before:test())) -- the bytes that were trusted go on
    os.remove(path)
    set, message = postil.load(list[2])
    assert.is_nil(set)
    assert.equal(path .. ": No such file or directory", message)
    assert.has_error(function() postil.load { project = true } end)
  end)
end)

-- _meta.lua, the types for lua-language-server, names what rule files have: neither more nor less.

local function file(name)
  local handle = assert(io.open(name))
  local text = handle:read "*a"
  handle:close()
  return text
end

local meta = file "lua/postil/_meta.lua"
local env = file "lua/postil/env.lua" .. file "lua/postil/env_options.lua" ..
  file "lua/postil/env_statements.lua"

-- The names that a pattern captures in a text, sorted, each once.
local function names(text, ...)
  local list, seen = {}, {}
  for _, pattern in ipairs { ... } do
    for name in text:gmatch(pattern) do
      if not seen[name] then list[#list + 1] = name end
      seen[name] = true
    end
  end
  table.sort(list)
  assert.is_true(#list > 0)
  return list
end

-- What stands between two texts.
local function between(text, first, last)
  local _, from = text:find(first, 1, true)
  return text:sub(from + 1, assert(text:find(last, from, true)) - 1)
end

describe("_meta.lua", function()
  it("has the verbs, and of each its options", function()
    local options, all = {}, {}
    for name, rest in between(env, "local OPTION = {", "\n}"):gmatch "([%l_]+) = (%b{})" do
      options[name] = rest
      all[#all + 1] = name
    end
    table.sort(all)
    local verbs = names(between(env, "local VERB = {", "}"), "(%l+) =")
    assert.same(verbs, names(meta, "postil%.%u%l+Verb\n(%l+) = {}"))
    for _, verb in ipairs(verbs) do
      local class = assert(meta:match("postil%.(%u%l+)Verb\n" .. verb .. " = {}"))
      local fields = between(meta, "---@class postil.Statement ", "\n\n") ..
        between(meta, "---@class postil." .. class .. "Statement :", "\n\n")
      local wanted = {}
      for _, name in ipairs(all) do
        local restricted = options[name]:match "{.*(%b{})"
        if not restricted or restricted:find("%f[%l]" .. verb .. " =") then
          wanted[#wanted + 1] = name
        end
      end
      assert.same(wanted, names(fields, "%-%-%-@field ([%l_]+)%??"), verb)
    end
  end)

  it("has what else a rule file may call", function()
    local list = env:match "\n  (globals%.quotes,[^=]*) ="
    assert.same(names(env .. list:gsub("globals%.", "function globals."), "function globals%.(%l+)"),
      names(meta, "\nfunction (%l+)%("))
  end)

  it("has the fields of quotes and pack", function()
    assert.same(names(between(env, "local QUOTES = {", "}"), "(%l+) ="),
      names(meta:match "@param options ({[^\n]*)\nfunction quotes", "(%l+):"))
    assert.same(names(between(env, "local PACK = {", "}"), "(%l+) ="),
      names(between(meta, "---@class postil.Pack\n", "\n\n"), "%-%-%-@field (%l+)%??"))
  end)

  it("has the functions of p", function()
    local own = names(env, "\nfunction (p%.[%l_]+)")
    for _, name in ipairs(names(between(file "lua/convert.c", "pst_converters[] = {", "NULL"),
      '{"([%l_]+)"')) do
      own[#own + 1] = "p." .. name
    end
    for _, name in ipairs(names(file "lua/postil/characters.lua", "function utf8%.(%l+)",
      "function p%.utf8%.(%l+)")) do
      own[#own + 1] = "p.utf8." .. name
    end
    table.sort(own)
    assert.same(own, names(meta, "\nfunction (p%.[%w_%.]+)%("))
  end)
end)

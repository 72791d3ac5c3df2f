-- called.lua - what files and rules are called on a screen: short where that is clear.
--
--   local called = require "postil.called".of(rules)   -- all of a set
--   called.file(path)   its base name; the whole path if another file has that name, too
--   called.place(rule)  "news.lua:12"
--   called.rule(rule)   its name, else its place; both where rules of other files have that name
--   called.rule_and_place(rule)   "ship/known (ships.lua:1)"

local visible = require "postil.visible"

local M = {}

local function base_of(path) return path:match "[^/\\]+$" or path end

-- Notes in `known` that a name belongs to a file; false: to several.
local function note(known, name, file)
  local other = known[name] ~= nil and known[name] ~= file
  known[name] = not other and file
end

function M.of(rules)
  local files, names = {}, {}
  for _, rule in ipairs(rules) do
    note(files, base_of(rule.file), rule.file)
    note(names, rule.name, rule.file)
  end
  local called = {}
  function called.file(path)
    local base = base_of(path)
    return visible.line(files[base] == false and path or base)
  end
  function called.place(rule)
    return called.file(rule.file) .. (rule.line and ":" .. rule.line or "")
  end
  -- A rule without a name of its own is called by the base name of its file and its line.
  function called.is_named(rule)
    return rule.name ~= base_of(rule.file) .. ":" .. (rule.line or 0)
  end
  function called.rule_and_place(rule)
    local place = called.place(rule)
    return called.is_named(rule) and visible.line(rule.name) .. " (" .. place .. ")" or place
  end
  function called.rule(rule)
    local plain = called.is_named(rule) and names[rule.name]
    return plain and visible.line(rule.name) or called.rule_and_place(rule)
  end
  return called
end

return M

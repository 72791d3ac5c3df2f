-- trust.lua - `postil trust`: shows rule files of projects, and keeps which of them may run.
--
-- Nothing of a file is run to show it: what is said of its rules is how they look in the source.

local chosen = require "postil.chosen"
local visible = require "postil.visible"

local SOURCE_MAX = 16777216 -- bytes

local VERBS = { tag = 1, veto = 1, amend = 1, alias = 1, pin = 1, block = 1 }
local READS = { "use", "read", "file" }

-- "tag.ship (2), veto.person, use \"news\", 1 function"
local function outline(source)
  local code = source:gsub("%-%-[^\n]*", "")
  local names, count = {}, {}
  local function add(name)
    if not count[name] then names[#names + 1] = name end
    count[name] = (count[name] or 0) + 1
  end
  for verb, dot, label in code:gmatch "%f[%w_](%l+)%s*([.%[])%s*([%w_]*)" do
    if VERBS[verb] then add(verb .. (dot == "." and "." .. label or "[...]")) end
  end
  for _, word in ipairs(READS) do
    for name in code:gmatch("%f[%w_]" .. word .. "[%s=(]*[\"']([^\"'\n]*)") do
      add(word .. ' "' .. name .. '"')
    end
  end
  local _, functions = code:gsub("%f[%w_]function%f[^%w_]", "")
  for i, name in ipairs(names) do
    names[i] = name .. (count[name] > 1 and " (" .. count[name] .. ")" or "")
  end
  if functions > 0 then
    names[#names + 1] = functions .. (functions > 1 and " functions" or " function")
  end
  return #names > 0 and table.concat(names, ", ") or "no rules"
end

local function count_lines(source)
  local _, n = source:gsub("\n", "")
  if source:find "[^\n]$" then n = n + 1 end
  return n == 1 and "1 line" or n .. " lines"
end

-- The source with numbers, every control shown.
local function write_source(run, source)
  local n = 0
  for line in (source:gsub("\n$", "") .. "\n"):gmatch "(.-)\n" do
    n = n + 1
    run:write(("%6d | %s\n"):format(n, visible.line(line)))
  end
end

local DONE = { trusted = "trusted, as before", changed = "trusted again: it had changed",
  unknown = "trusted" }
local SEEN = { trusted = "trusted", changed = "changed since it was trusted",
  unknown = "not trusted" }

-- Nothing else is ever run, so to trust it would only look as if something had been allowed.
local function refuse_other(run, file)
  local beside = chosen.beside(file)
  run:complain(file, "is no rule file: the name of one ends in .lua"
    .. (run.host.exists(beside) and " (did you mean " .. beside .. "?)" or ""))
end

-- Shows a file; records it too unless --show asks only to look.
local function trust_file(run, trust, file)
  if not file:find "%.lua$" then return refuse_other(run, file) end
  local source, words = run.postil.core.files.read(file, SOURCE_MAX)
  if not source then return run:complain(file, words) end
  local state, path = trust:state(file, source)
  if not state then return run:complain(file, path) end
  run:write(visible.line(path) .. "\n")
  run:write(("  %s, sha256 %s\n"):format(count_lines(source),
    run.postil.core.files.sha256(source)))
  run:write("  " .. visible.line(outline(source)) .. "\n")
  if run.options.show then
    write_source(run, source)
    return run:write("  " .. SEEN[state] .. "\n")
  end
  if state ~= "trusted" then
    local ok, why = trust:add(file, source)
    if not ok then return run:complain(file, why) end
  end
  run:write("  " .. DONE[state] .. "\n")
end

-- What is trusted, and whether it is still so.
local function list(run, trust)
  local all, words = trust:list()
  if not all then return run:complain("trust", words) end
  local files = run.postil.core.files
  for _, entry in ipairs(all) do
    local source = files.read(entry.path, SOURCE_MAX)
    local state = not source and "gone" or source and files.real(entry.path) ~= entry.path and
      "a link now" or files.sha256(source) == entry.sha256 and "trusted" or "changed"
    run:write(("%-10s %s\n"):format(state, visible.line(entry.path)))
  end
end

-- Ends with 1 if one of the files was not trusted.
local function remove(run, trust)
  local missing = false
  for _, file in ipairs(run.files) do
    local path, words = trust:remove(file)
    if path then
      run:write("no longer trusted: " .. visible.line(path) .. "\n")
    elseif words then
      run:complain(file, words)
    else
      run.host.say("postil: " .. visible.line(file) .. ": was not trusted\n")
      missing = true
    end
  end
  return missing and 1 or 0
end

return function(run)
  local trust = run.postil.trust()
  if run.options.list then return list(run, trust) or 0 end
  if run.options.remove then return remove(run, trust) end
  for _, file in ipairs(run.files) do trust_file(run, trust, file) end
  return 0
end

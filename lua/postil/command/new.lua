-- new.lua - `postil new PACK`: a pack to begin with, which passes its own tests.
--
--   postil new ships          a pack of the user's, in the configuration folder: --rules ships
--   postil new ./ships        a folder here
--   postil new ./ships.lua    one file
--
-- The files are those of postil/skeleton.  Nothing that is there is ever written over.

local visible = require "postil.visible"

local function skeleton(run, file)
  return assert(run.host.embedded("postil/skeleton/" .. file))
end

-- A word for a shell.
local function shell(word)
  word = visible.line(word)
  if word:find "^[%w_./~+-]+$" then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

-- The skeleton under a name, for people who call it by `path`; alone: without a table beside it.
local function rules_for(run, name, path, alone)
  local source = skeleton(run, "init.lua"):gsub("PACK", name)
  source = source:gsub("PATH", (path:gsub("%%", "%%%%")))
  return alone and source:gsub("%-%- Names from a list.-\n\n", "") or source
end

-- The folder for the user's packs, made where it is missing; or nil and words.
local function own_folder(run)
  local base = run.env "XDG_CONFIG_HOME"
  if (base or "") == "" then
    local home = run.env "HOME"
    if (home or "") == "" then
      return nil, "HOME is not set, so there is no folder for packs; write ./%s to make it here"
    end
    base = home .. "/.config"
  end
  for _, folder in ipairs { base, base .. "/postil", base .. "/postil/rules" } do
    local ok, words = run.host.folder(folder)
    if not ok and not run.host.exists(folder) then return nil, folder .. ": " .. words end
  end
  return base .. "/postil/rules"
end

-- What is to be made: { name, path, rules = what --rules takes, alone }; or nil and words.
local function plan(run, wanted)
  local path = wanted:gsub("/+$", "")
  local base = path:match "[^/]*$"
  local alone = base:find "%.lua$" ~= nil
  local name = base:gsub("%.lua$", "")
  if not name:find "^[%w_][%w_-]*$" then
    return nil, "a pack's name has letters, digits, _ and - only, as in `postil new ./ships`"
  end
  if alone or path:find "/" then
    return { name = name, path = path, alone = alone, rules = path }
  end
  if run.host.embedded("postil/rules/" .. name .. ".lua") then
    return nil, ("postil comes with a pack of this name; write ./%s to make one here"):format(name)
  end
  local folder, words = own_folder(run)
  if not folder then return nil, words:format(name) end
  return { name = name, path = folder .. "/" .. name, rules = name }
end

-- Makes the files; their names, or nil, the one that failed and words.
local function make(run, pack)
  local source = rules_for(run, pack.name, shell(pack.rules), pack.alone)
  if pack.alone then
    local ok, words = run.host.create(pack.path, source)
    if not ok then return nil, pack.path, words end
    return { pack.path }
  end
  local ok, words = run.host.folder(pack.path)
  if not ok then return nil, pack.path, words end
  local files = { pack.path .. "/init.lua", pack.path .. "/harbours.tsv" }
  for i, text in ipairs { source, skeleton(run, "harbours.tsv") } do
    ok, words = run.host.create(files[i], text)
    if not ok then return nil, files[i], words end
  end
  return files
end

return function(run)
  local pack, words = plan(run, run.files[1])
  if not pack then return run:complain(run.files[1], words) end
  local files, file
  files, file, words = make(run, pack)
  if not files then
    return run:complain(file, words
      .. (run.host.exists(file) and "; nothing that is there was changed" or ""))
  end
  for i, path in ipairs(files) do files[i] = shell(path) end
  local rules = shell(pack.rules)
  run:write(("made %s; next:\n  $EDITOR %s\n  postil test %s\n"):format(
    table.concat(files, " and "), files[1], rules))
  run:write(("  postil tag --rules %s --to lines FILE\n"):format(rules))
  return 0
end

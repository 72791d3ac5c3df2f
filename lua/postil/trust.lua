-- trust.lua - which rule files of projects the user has allowed to run.
--
--   local trust = require("postil.trust").open(core.files, os.getenv)
--   trust:state(path, source)  -> "trusted", "changed" or "unknown", and the real path; nil, words
--   trust:refusal(path, source) -> words why these rules must not run; nil: they may
--   trust:add(path, source)    -> the real path; nil, words
--   trust:remove(path)         -> the path that was forgotten, false: it was not there; nil, words
--   trust:list()               -> { { path =, sha256 = }, ... } by path; nil, words
--
-- `files` has real, sha256, kept and keep, as lua/files.c; a host may bring its own.  What is
-- trusted is an absolute path without links together with the SHA-256 of the content, so both a
-- change of the file and a link to another one ask again.  `source` must be the bytes that run.
--
-- The record is $XDG_STATE_HOME/postil/trust, else ~/.local/state/postil/trust, in the notation of
-- sha256sum, which can check it: digits, two blanks, path; a line with a backslash in front has \\,
-- \n and \r in its path.  A line that is not so trusts nothing and is kept.

local M = {}

local Trust = {}
Trust.__index = Trust

-- The folder of the record, or nil and words.
local function folder_of(getenv)
  local state, home = getenv "XDG_STATE_HOME" or "", getenv "HOME" or ""
  if state:sub(1, 1) == "/" then return state .. "/postil" end -- a relative one counts as none
  if home:sub(1, 1) == "/" then return home .. "/.local/state/postil" end
  return nil, "there is no place for the record of trust: neither HOME nor XDG_STATE_HOME is set"
end

local ESCAPES = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r" }
local PLAIN = { ["\\\\"] = "\\", ["\\n"] = "\n", ["\\r"] = "\r" }

local function line_of(path, sha256)
  local escaped, n = path:gsub("[\\\n\r]", ESCAPES)
  return (n > 0 and "\\" or "") .. sha256 .. "  " .. escaped
end

-- Path and SHA-256 of a line; nil: it is none of ours.
local function read_line(line)
  local mark, digits, path = line:match "^(\\?)(%x+)  (/.*)$"
  if not digits or #digits ~= 64 then return nil end
  return mark == "" and path or path:gsub("\\.", PLAIN), digits:lower()
end

local function lines(record)
  return (record:gsub("\n*$", "\n", 1)):gmatch "([^\n]+)\n"
end

-- The SHA-256 that a record has for a path, or nil; the last line wins.
local function find(record, path)
  local found
  for line in lines(record) do
    local known, digits = read_line(line)
    if known == path then found = digits end
  end
  return found
end

-- The record without the lines of a path, and whether there were any.
local function without(record, path)
  local kept, found = {}, false
  for line in lines(record) do
    if read_line(line) == path then found = true else kept[#kept + 1] = line end
  end
  kept[#kept + 1] = "" -- a newline at the end
  return table.concat(kept, "\n"), found
end

function M.open(files, getenv)
  local folder, words = folder_of(getenv)
  return setmetatable({ files = files, folder = folder, words = words }, Trust)
end

local function trouble(self, words)
  if not words then return nil end
  return self.folder .. "/trust: " .. words
end

function Trust:record()
  if not self.folder then return nil, self.words end
  local record, words = self.files.kept(self.folder, "trust")
  return record, trouble(self, words)
end

-- change(record) -> new record, or nil and words
function Trust:change(change)
  if not self.folder then return nil, self.words end
  local ok, words = self.files.keep(self.folder, "trust", change)
  return ok, not ok and trouble(self, words) or nil
end

function Trust:state(path, source)
  local real, words = self.files.real(path)
  if not real then return nil, words end
  local record, why = self:record()
  if not record then return nil, why end
  local digits = find(record, real)
  if not digits then return "unknown", real end
  return digits == self.files.sha256(source) and "trusted" or "changed", real
end

-- A file name as a shell takes it, in words for people.
local function quoted(path)
  if path:find "^[%w_./][%w_./+,:@-]*$" then return path end
  return (path:find "^-" and "-- " or "") .. "'" .. path:gsub("'", "'\\''") .. "'"
end

-- Why these rules must not run: words, or nil when they may.
function Trust:refusal(path, source)
  local state, words = self:state(path, source)
  if state == "trusted" then return nil end
  if not state then return "not trusted: " .. words end
  local command = "`postil trust " .. quoted(path) .. "`"
  if state == "changed" then
    return "changed since it was trusted: read it, then " .. command
  end
  return "not trusted: rules of a project run only after " .. command
end

function Trust:add(path, source)
  local real, words = self.files.real(path)
  if not real then return nil, words end
  local ok, why = self:change(function(record)
    return without(record, real) .. line_of(real, self.files.sha256(source)) .. "\n"
  end)
  return ok and real, why
end

-- The real path of a file that may be gone, as far as its folder tells.
local function once_real(files, path)
  local real = files.real(path)
  if real then return real end
  local folder, base = path:match "^(.*/)([^/]+)$"
  folder = files.real(folder or ".")
  return folder and (folder == "/" and "" or folder) .. "/" .. (base or path) or path
end

function Trust:remove(path)
  local gone
  local ok, words = self:change(function(record)
    -- A path as the list shows it may be a link by now.
    for _, known in ipairs { once_real(self.files, path), path } do
      local left, found = without(record, known)
      if found then
        gone = known
        return left
      end
    end
  end)
  if words then return nil, words end
  return ok and gone or false
end

function Trust:list()
  local record, words = self:record()
  if not record then return nil, words end
  local list, place = {}, {}
  for line in lines(record) do
    local path, digits = read_line(line)
    if path and not place[path] then
      place[path] = { path = path, sha256 = digits }
      list[#list + 1] = place[path]
    elseif path then
      place[path].sha256 = digits
    end
  end
  table.sort(list, function(a, b) return a.path < b.path end)
  return list
end

return M

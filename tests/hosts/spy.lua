-- spy.lua - stands between an editor and `postil serve`: what is said goes on as it is, and the
-- text that follows from it is kept in files, to be compared with what the editor has.
--
--   lua5.4 spy.lua FOLDER | postil serve
--
-- FOLDER/TEXT.VERSION is the text as it is after a request that tells its size, or opens it;
-- FOLDER/said has a letter a request of that kind: o or e.

local json_read = require "postil.json_read"

local folder = ...
local texts = {}

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local content = file:read "a"
  file:close()
  return content
end

local function put(path, mode, content)
  local file = assert(io.open(path, mode))
  file:write(content)
  file:close()
end

-- The byte of a place, counted from the front each time: what is slow and plain.
local function byte_of(text, place)
  local at = 1
  for _ = 2, place[1] do at = assert(text:find("\n", at, true), "behind the text") + 1 end
  return at + place[2] - 1
end

local function take(request)
  local verb, name = request["do"], request.text
  if verb == "open" then
    texts[name] = request.content or slurp(request.file)
  elseif verb == "edit" then
    local text = texts[name]
    local first, behind = byte_of(text, request.from), byte_of(text, request.to)
    texts[name] = text:sub(1, first - 1) .. request.content .. text:sub(behind)
    if not request.size then return end
  else
    return
  end
  put(folder .. "/said", "ab", verb:sub(1, 1))
  -- Whole before it has its name.
  local path = ("%s/%s.%d"):format(folder, name, request.version)
  put(path .. ".new", "wb", texts[name])
  os.rename(path .. ".new", path)
end

for line in io.lines() do
  take(assert(json_read.value(line)))
  io.write(line, "\n")
  io.flush()
end

-- notes.lua - the rule file beside a text, for words that the user points at.
--
--   notes.path(path)     PATH.postil.lua
--   notes.read(path)     what a rule file holds, "" if there is none; nil, words: not trusted
--   notes.with_term(source, label, words, options)
--       the rule file with a statement that tags these words
--   notes.with_pin(source, text, first, last, label, options)
--       ... that tags just these bytes of a text, told from other places by the words around
--       -> new source, the statement, its line; or nil, words
--
--   notes.beside(buffer)   path of the rule file beside a buffer's text; or nil, words: none may be
--   notes.add(buffer, make)
--       puts what make(source, options) makes of it, as the two above, into that rule file, and
--       trusts it, for the user himself wrote it -> path, statement, line; or nil, words, and it is
--       as it was
--
-- options: path, of the rule file, and rules, that it is loaded behind (chosen.lua).  The source
-- must be one that may run: it is loaded with the statement; what does not load is not returned.

local chosen = require "postil.chosen"
local postil = require "postil"
local visible = require "postil.visible"

local AROUND_MOST = 6 -- words of a context, on each side

local HEAD = "-- Rules of the user for the text beside this file; see RULES.md of postil.\n\n"

local M = {}

M.path = chosen.beside

function M.read(path)
  local source, words = postil.core.files.read(path)
  if not source then
    if not postil.core.files.real(path) then return "" end
    return nil, path .. ": " .. words
  end
  local refusal = postil.trust():refusal(path, source)
  if refusal then return nil, path .. ": " .. refusal end
  return source
end

-- ---- statements ---------------------------------------------------------------------------------

local function squeezed(text) return (text:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")) end

-- A string of Lua.
local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c)
    return c:find "%c" and ("\\%03d"):format(c:byte()) or "\\" .. c
  end) .. '"'
end

-- What is wrong with a label or words, in words; nil: nothing.
local function trouble(label, words)
  if not label:find "^%l[%l%d_]*$" then
    return "'" .. visible.line(label) .. "' is no label: small letters, digits and _ make one"
  end
  return words == "" and "there are no words to tag" or nil
end

-- The source with a statement at its end; nil, words if that does not load.
local function with(source, statement, options)
  source = source or ""
  if source == "" then source = HEAD elseif source:sub(-1) ~= "\n" then source = source .. "\n" end
  local at = ("\n" .. source):find("\n" .. statement .. "\n", 1, true)
  if at then
    local _, lines = source:sub(1, at - 1):gsub("\n", "")
    return nil, "this stands there already, in line " .. lines + 1
  end
  local _, lines = source:gsub("\n", "")
  local list, new = {}, source .. statement .. "\n"
  for i, rules in ipairs(options.rules or chosen.usual) do list[i] = rules end
  list[#list + 1] = options.path and { path = options.path, source = new, project = true }
    or { source = new, name = "notes" }
  local set, words = postil.load(list)
  if not set then return nil, words end
  set:close()
  return new, statement, lines + 1
end

function M.with_term(source, label, words, options)
  words = squeezed(words)
  local wrong = trouble(label, words)
  if wrong then return nil, wrong end
  return with(source, ("tag.%s { terms = { %s } }"):format(label, quoted(words)), options or {})
end

-- The last n words of what stands before a place in its line, the first n of what stands behind it.
local function words_before(text, first, n)
  local line = text:sub(math.max(1, first - 400), first - 1):match "[^\r\n]*$"
  local words = {}
  for word in line:gmatch "%S+" do words[#words + 1] = word end
  return table.concat(words, " ", math.max(1, #words - n + 1))
end

local function words_behind(text, last, n)
  local line = text:sub(last + 1, last + 400):match "^[^\r\n]*"
  local words = {}
  for word in line:gmatch "%S+" do
    if #words < n then words[#words + 1] = word end
  end
  return table.concat(words, " ")
end

-- How often a statement tags its label in a text, and whether it does so at a place.
local function try(statement, text, first, last)
  local set, words = postil.load { source = statement, name = "pin" }
  if not set then return nil, words end
  local doc, why = set:tag(text)
  set:close()
  if not doc then return nil, why end
  local spans, there = doc:spans(), false
  doc:close()
  for i = 1, #spans, 3 do there = there or spans[i] == first and spans[i + 1] == last end
  return #spans / 3, there
end

function M.with_pin(source, text, first, last, label, options)
  local words = squeezed(text:sub(first, last))
  local wrong = trouble(label, words)
  if wrong then return nil, wrong end
  first = text:find("%S", first)
  last = first + #text:sub(first, last):match "^.*%S" - 1
  for n = 0, AROUND_MOST do
    local before, behind = words_before(text, first, n), words_behind(text, last, n)
    local statement = ("pin.%s { terms = { %s }%s%s }"):format(label, quoted(words),
      n > 0 and before ~= "" and ", after = p.esc " .. quoted(before) or "",
      n > 0 and behind ~= "" and ", before = p.esc " .. quoted(behind) or "")
    local count, there = try(statement, text, first, last)
    if not count then return nil, there end
    if not there then
      return nil, "a pin tags whole words of one paragraph: " .. visible.line(words)
    end
    if count == 1 then return with(source, statement, options or {}) end
  end
  return nil, ("the words around do not tell this place from others: %s"):format(
    visible.line(words))
end

-- ---- the file -----------------------------------------------------------------------------------

function M.beside(buffer)
  if not buffer.path then return nil, "this text has no file beside which rules could be" end
  if buffer.rules then return nil, "this text has rules that were named, none beside it" end
  return M.path(buffer.path)
end

local function write_new(new, source)
  local file, words = io.open(new, "wb")
  if not file then return nil, words end
  local ok, why = file:write(source)
  local closed, late = file:close()
  if ok and closed then return true end
  return nil, new .. ": " .. tostring(why or late)
end

-- The new file is written beside the old one, which stays as it is when that fails.
local function write(path, source)
  local files = postil.core.files
  local place = files.real(path) or path
  local new = place .. ".new"
  local ok, words = write_new(new, source)
  if ok then ok, words = files.take_mode(new, place) end
  if ok then ok, words = os.rename(new, place) end
  if not ok then os.remove(new) end
  return ok, words
end

function M.add(buffer, make)
  local path, words = M.beside(buffer)
  if not path then return nil, words end
  local source, why = M.read(path)
  if not source then return nil, why end
  local new, statement, line = make(source, { path = path })
  if not new then return nil, statement end
  local ok, unwritten = write(path, new)
  if not ok then return nil, unwritten end
  local real, late = postil.trust():add(path, new)
  if not real then return nil, path .. ": " .. late end
  return path, statement, line
end

return M

-- cases.lua - reads case files (tests/cases/rules, tests/cases/news) and says what is wrong.
--
--   for _, case in ipairs(cases.read(path)) do cases.check(case, set, say) end
--
-- The format is told at the top of tests/cases/rules/words.case.

local M = {}

local KEYS = { rules = 1, text = 1, none = 1, error = 1, date = 1, faults = 1, part = 1,
  mended = 1, open = 1 }

local function utf8_char(code)
  if code < 0x80 then return string.char(code) end
  local bytes, limit = {}, 0x40
  while code >= limit do
    table.insert(bytes, 1, string.char(0x80 + code % 64))
    code = (code - code % 64) / 64
    limit = limit == 0x40 and 0x20 or limit / 2
  end
  return string.char(256 - limit * 2 + code) .. table.concat(bytes)
end

local PLAIN = { n = "\n", t = "\t", r = "\r" }

-- The character that an escape at `at` stands for, and where the text goes on.
local function escape(s, at)
  local code, stop = s:match("^\\u{(%x+)}()", at)
  if code then return utf8_char(tonumber(code, 16)), stop end
  code, stop = s:match("^\\x(%x%x)()", at)
  if code then return string.char(tonumber(code, 16)), stop end
  local c = s:sub(at + 1, at + 1)
  if PLAIN[c] then return PLAIN[c], at + 2 end
  if c:find "[%[%]|\\,%-]" then return c, at + 2 end
  error("no such escape: \\" .. c, 0)
end

local function unescape(s)
  local out, at = {}, 1
  while at <= #s do
    local c = s:sub(at, at)
    local stop = at + 1
    if c == "\\" then c, stop = escape(s, at) end
    out[#out + 1], at = c, stop
  end
  return table.concat(out)
end

-- "kind=direct, speaker=#a, !cue" as { name =, value = } (value nil: must not be there).
local function wishes(words)
  local list = {}
  for wish in (words:gsub("\\,", "\1") .. ", "):gmatch "(.-), " do
    local name, value = wish:match "^([%l%d_%.]+)=(.*)$"
    if not name then
      name = wish:match "^!([%l%d_]+)$" or error("what does '" .. wish .. "' mean?", 0)
    end
    list[#list + 1] = { name = name, value = value and unescape((value:gsub("\1", ","))) }
  end
  return list
end

-- Takes the marks out of a text: the text, and marks { sort=, label=, id=, first=, last=, want= }.
function M.unmark(s)
  local out, size, marks, open, at = {}, 0, {}, {}, 1
  while at <= #s do
    local c, stop = s:sub(at, at), at + 1
    local sort, label, id, after = s:match("^%[([%-!]?)([%l_]?[%l%d_%-]*)(#?%w*): ?()", at)
    if sort then
      open[#open + 1] = { sort = sort, label = label, id = id, first = size + 1, want = {} }
      marks[#marks + 1] = open[#open]
      c, stop = "", after
    elseif c == "[" then
      error("[ without a label; write \\[ for a bracket of the text", 0)
    elseif #open > 0 and (c == "]" or s:find("^ ?| ", at)) then
      local words
      words, stop = s:match("^ ?| (.-)%]()", at)
      local mark = table.remove(open)
      mark.last, mark.want, c = size, words and wishes(words) or {}, ""
      stop = stop or at + 1
    elseif c == "]" then
      error("] without [; write \\] for a bracket of the text", 0)
    elseif c == "\\" then
      c, stop = escape(s, at)
    end
    out[#out + 1], size, at = c, size + #c, stop
  end
  if #open > 0 then error("[ without ]", 0) end
  return table.concat(out), marks
end

-- The cases of a file.
function M.read(path)
  local cases, case, key, number = {}, nil, nil, 0
  local file = assert(io.open(path, "rb"))
  local function put(words)
    local into = KEYS[key] and case or case.also
    into[key] = into[key] and into[key] .. "\n" .. words or words
  end
  for line in file:lines() do
    number = number + 1
    local title = line:match "^== (.*)$"
    local word, rest = line:match "^(%l+):%s?(.*)$"
    if title then
      case, key = { title = title, line = number, path = path }, nil
      cases[#cases + 1] = case
    elseif case and line:find "^also [%w_%.%-/]+:$" then
      case.also = case.also or {}
      key = line:match "^also (.*):$"
    elseif case and word then
      assert(KEYS[word], path .. ":" .. number .. ": no such key: " .. word)
      assert(not case[word], path .. ":" .. number .. ": " .. word .. " once more")
      key = word
      case[key] = rest ~= "" and rest or nil
    elseif key and (line == "" or line:find "^  ") then
      put(line:sub(3))
    elseif line ~= "" and not line:find "^#" then
      error(path .. ":" .. number .. ": not understood: " .. line)
    end
  end
  file:close()
  for _, one in ipairs(cases) do
    for name in pairs(KEYS) do one[name] = one[name] and one[name]:gsub("\n+$", "") end
  end
  return cases
end

-- All case files of a folder, in order.
function M.files(folder)
  local list = {}
  local pipe = assert(io.popen("LC_ALL=C ls " .. folder))
  for name in pipe:lines() do
    if name:find "%.case$" then list[#list + 1] = folder .. "/" .. name end
  end
  pipe:close()
  return list
end

local function place(text, first, last)
  return ("%d-%d %q"):format(first, last, text:sub(first, last))
end

local function value_words(text, value)
  if type(value) == "number" then return ("%.14g"):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  return text:sub(value.first, value.last)
end

-- Whether a value is what was wished; else what it is.
local function compare(text, marks, value, wish)
  if wish.value == nil then return value == nil, tostring(value) end
  if value == nil then return false, "not there" end
  local id = wish.value:match "^#%w+"
  if not id then return value_words(text, value) == wish.value, value_words(text, value) end
  local ids, found, spans = {}, {}, {}
  if type(value) == "table" then spans = value[1] and value or { value } end
  for one in wish.value:gmatch "#%w+" do
    for _, mark in ipairs(marks) do
      if mark.id == one then ids[#ids + 1] = place(text, mark.first, mark.last) end
    end
  end
  for i, span in ipairs(spans) do found[i] = place(text, span.first, span.last) end
  if #ids == 0 then error("there is no mark " .. id, 0) end
  return table.concat(ids, ", ") == table.concat(found, ", "), table.concat(found, ", ")
end

local function value_of(object, name)
  local link, field = name:match "^(.+)%.(.+)$"
  if not link then return object[name] end
  local value = object[link]
  return value and value[field]
end

local function check_wishes(text, marks, mark, object, say)
  for _, wish in ipairs(mark.want) do
    local fine, found = compare(text, marks, value_of(object, wish.name), wish)
    if not fine then
      say(("%s of %s %s: wanted %s, is %s"):format(wish.name, mark.label,
        place(text, mark.first, mark.last), wish.value or "nothing", found))
    end
  end
end

-- Marks of one sort against objects with first, last and what `label_of` says.
local function check_marks(text, marks, sort, objects, label_of, whole, say)
  local known = {}
  for _, object in ipairs(objects) do
    known[label_of(object) .. " " .. object.first .. " " .. object.last] = object
  end
  for _, mark in ipairs(marks) do
    if mark.sort == sort and mark.label ~= "" then
      local key = mark.label .. " " .. mark.first .. " " .. mark.last
      if known[key] then check_wishes(text, marks, mark, known[key], say)
      else say("missing: " .. mark.label .. " " .. place(text, mark.first, mark.last)) end
      known[key] = nil
    end
  end
  for _, object in ipairs(whole and objects or {}) do
    local key = label_of(object) .. " " .. object.first .. " " .. object.last
    if known[key] then
      say("not wanted: " .. label_of(object) .. " " .. place(text, object.first, object.last)
        .. (object.rule and " by " .. object.rule or ""))
    end
  end
end

local function check_absent(doc, text, marks, none, say)
  for label in (none or ""):gmatch "[%l%d_]+" do
    for tag in doc:each(label) do
      say("not wanted: " .. label .. " " .. place(text, tag.first, tag.last))
    end
  end
  for _, mark in ipairs(marks) do
    for _, tag in ipairs(mark.sort == "-" and doc:tags(mark.label, mark.first, mark.last) or {}) do
      say(("%s %s is no %s, but %s is one by %s"):format("here", place(text, mark.first, mark.last),
        mark.label, place(text, tag.first, tag.last), tostring(tag.rule)))
    end
  end
end

-- The text after all repairs that need no asking.
local function mended(text, faults)
  for i = #faults, 1, -1 do
    local fault = faults[i]
    if fault.safe and fault.repair then
      text = text:sub(1, fault.first - 1) .. fault.repair .. text:sub(fault.last + 1)
    end
  end
  return text
end

-- Checks a case with a rule set that is loaded; say is called with every difference.
function M.check(case, set, say)
  local text, marks = M.unmark(case.text)
  local doc, message = set:tag(text, { date = case.date })
  if not doc then return say(message) end
  local function label_of(tag) return tag.label end
  local function fault_of(fault) return fault.fault end
  check_marks(text, marks, "", doc:tags(), label_of, not case.part, say)
  check_marks(text, marks, "!", doc:faults(), fault_of, case.faults ~= "some", say)
  check_absent(doc, text, marks, case.none, say)
  if case.mended then
    local is = mended(text, doc:faults())
    if is ~= unescape(case.mended) then say("mended: " .. is) end
  end
  doc:close()
end

return M

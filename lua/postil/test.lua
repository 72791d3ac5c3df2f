-- test.lua - runs the tests that rule files carry: yes, no and test.
--
-- yes = "with [Sergei Lavrov]. He"       exactly the bracketed spans carry the label; "\[" is a
-- bracket of the text yes = "[Lavrov | is=Sergei Lavrov] x"  and attributes may be asked for no  =
-- "Cold War came"                  the label is nowhere test "name" { text = "...", person = {
-- "Sergei Lavrov", { "Yu Jie", gender = "f" } } }
--
-- A test sees the whole rule set, so that it notices what other rules do; only blocks by position
-- are left out, because a snippet has no first line.

-- Cuts the brackets out: the text, spans { first=, last=, want= }, or nil, message.
local function unbracket(snippet)
  local out, size, spans, open = {}, 0, {}, nil
  local at = 1
  local function put(text)
    out[#out + 1] = text
    size = size + #text
  end
  while at <= #snippet do
    local c = snippet:sub(at, at)
    if c == "\\" and snippet:find("^[%[%]\\|]", at + 1) then
      put(snippet:sub(at + 1, at + 1))
      at = at + 1
    elseif c == "[" then
      if open then return nil, "a [ inside [ ]; write \\[ for a bracket of the text" end
      open = { first = size + 1, want = {} }
    elseif c == "|" and open then
      local stop = snippet:find("]", at, true)
      if not stop then return nil, "a [ without its ]" end
      for name, value in snippet:sub(at + 1, stop - 1):gmatch "([%l%d_]+)%s*=%s*([^,]*)" do
        open.want[#open.want + 1] = { name = name, value = value:gsub("%s+$", "") }
      end
      open.trim = true
      at = stop - 1
    elseif c == "]" then
      if not open then return nil, "a ] without its [; write \\] for a bracket of the text" end
      open.last = size
      spans[#spans + 1], open = open, nil
    else
      put(c)
    end
    at = at + 1
  end
  if open then return nil, "a [ without its ]; write \\[ for a bracket of the text" end
  return table.concat(out), spans
end

-- "[a | is=b]": the blanks before | belong to neither.
local function trim(text, spans)
  for i = #spans, 1, -1 do
    local span = spans[i]
    if span.trim then
      local blanks = #text:sub(span.first, span.last):match "%s*$"
      text = text:sub(1, span.last - blanks) .. text:sub(span.last + 1)
      span.last = span.last - blanks
      for k = i + 1, #spans do
        spans[k].first, spans[k].last = spans[k].first - blanks, spans[k].last - blanks
      end
    end
  end
  return text
end

local function shown(value)
  if type(value) == "table" then return value.name or "?" end
  if type(value) == "number" then return ("%.14g"):format(value) end
  return tostring(value)
end

local function compare_attributes(tag, want, text, say)
  for _, pair in ipairs(want) do
    local value = tag[pair.name]
    if pair.name == "is" then value = tag.name end
    local found = value ~= nil and shown(value) or nil
    if type(value) == "table" and not value.name then found = text:sub(value.first, value.last) end
    if found ~= shown(pair.value) then
      say(("%s of %q is %s, not %q"):format(pair.name, tag.text,
        found and ("%q"):format(found) or "not set",
        shown(pair.value)))
    end
  end
end

-- yes: exactly these spans.
local function compare_spans(doc, label, text, spans, say)
  local found = {}
  for tag in doc:each(label) do found[tag.first .. " " .. tag.last] = tag end
  for _, span in ipairs(spans) do
    local key = span.first .. " " .. span.last
    local tag = found[key]
    if tag then
      compare_attributes(tag, span.want, text, say)
      found[key] = nil
    else
      say(("no %s is %q"):format(label, text:sub(span.first, span.last)))
    end
  end
  for tag in doc:each(label) do
    if found[tag.first .. " " .. tag.last] then
      say(("%q is %s by %s"):format(tag.text, label, tostring(tag.rule)))
    end
  end
end

-- test: these texts in this order.
local function compare_texts(doc, label, wanted, text, say)
  local i = 0
  for tag in doc:each(label) do
    i = i + 1
    local want = wanted[i]
    local words = type(want) == "table" and want[1] or want
    if words ~= tag.text then
      say(("%s %d is %q, not %s"):format(label, i, tag.text,
        words and ("%q"):format(words) or "expected"))
      return
    elseif type(want) == "table" then
      local pairs_wanted = {}
      for name, value in pairs(want) do
        if type(name) == "string" then
          pairs_wanted[#pairs_wanted + 1] = { name = name, value = value }
        end
      end
      table.sort(pairs_wanted, function(x, y) return x.name < y.name end)
      compare_attributes(tag, pairs_wanted, text, say)
    end
  end
  if wanted[i + 1] then
    local want = wanted[i + 1]
    say(("%s %d is missing: %q"):format(label, i + 1, type(want) == "table" and want[1] or want))
  end
end

local function run(set, case, say)
  local text, spans = case.text, {}
  if case.kind == "yes" then
    local words
    text, words = unbracket(case.text)
    if not text then return say(words) end
    spans = words
    if #spans == 0 then return say "yes has no [ ]; for nowhere write no" end
    text = trim(text, spans)
  end
  local doc, message = set:tag(text, { date = case.date })
  if not doc then return say(message) end
  if case.kind ~= "test" then return compare_spans(doc, case.label, text, spans, say) end
  local labels = {}
  for label in pairs(case.want) do labels[#labels + 1] = label end
  table.sort(labels)
  for _, label in ipairs(labels) do compare_texts(doc, label, case.want[label], text, say) end
end

-- The tests of a set, and a function that builds the same set without blocks by position.  Returns
-- a list of { file=, line=, message= } and the number of tests.
return function(tests, without_positions)
  local failures = {}
  if #tests == 0 then return failures, 0 end
  local plain = assert(without_positions())
  for _, case in ipairs(tests) do
    run(plain, case, function(words)
      local head = case.kind == "test" and ("test %q: "):format(case.name) or ""
      failures[#failures + 1] = { file = case.file, line = case.line, message = head .. words,
        text = case.text }
    end)
  end
  return failures, #tests
end

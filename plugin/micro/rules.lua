-- rules.lua - rule files: opened, trusted, saved, read anew; terms and pins that are added to the
-- one beside a text.
--
--   rules.open(bp, state)  rules.trust(bp, state)  rules.reload()
--   rules.add(bp, state, kind, label)     kind: "term" or "pin"
--   rules.saved(buf)                      micro has saved this
--
-- A rule file beside a text that was trusted, or not there, and is saved in this micro is trusted
-- as it is then: the user has written it.

if not import then return end -- Neovim comes by here

local buffer = import("micro/buffer")
local ioutil = import("ioutil")
local micro = import("micro")
local util = import("micro/util")

rules = {}

local function base(path) return path:match "[^/]*$" end

local function show(bp, path)
  local buf, err = buffer.NewBufferFromFile(path)
  if err ~= nil then return report.fail(err:Error()) end
  bp:HSplitBuf(buf)
end

function rules.open(bp, state)
  process.ask("rules", { text = state.name }, function(answer)
    if answer.error then return report.fail(answer.error) end
    local path = answer.path or answer.files[1]
    if not path then return report.say("this text has no file beside which rules could be") end
    show(bp, path)
  end)
end

-- ---- trust --------------------------------------------------------------------------------------

local function trusted(state, answer)
  if answer.error then return report.fail(answer.error) end
  state.untrusted = false
  report.say("trusted: " .. answer.path)
end

-- What is shown is what will be trusted, or nothing.
local function ask_whether(bp, state, path)
  local content, err = ioutil.ReadFile(path)
  if err ~= nil then return report.say("no rule file lies beside this text") end
  show(bp, path)
  micro.InfoBar():YNPrompt("These rules run when they are trusted: trust them? (y,n,esc)",
    function(yes, is_canceled)
      if is_canceled or not yes then return end
      process.ask("trust", { path = path, content = util.String(content) },
        function(answer) trusted(state, answer) end)
    end)
end

function rules.trust(bp, state)
  process.ask("rules", { text = state.name }, function(answer)
    if answer.error then return report.fail(answer.error) end
    if not answer.path then return report.say("no rule file lies beside this text") end
    if not answer.untrusted and state.path then
      for _, file in ipairs(answer.files) do
        if file == answer.path then return report.say("trusted, as before: " .. answer.path) end
      end
    end
    ask_whether(bp, state, answer.path)
  end)
end

-- ---- saving -------------------------------------------------------------------------------------

local function is_own(path)
  for _, state in texts.each() do
    if state.path and path == state.path .. ".postil.lua" and not state.untrusted then
      return state
    end
  end
end

function rules.saved(buf)
  local path = buf.AbsPath
  for _, state in texts.each() do
    if state.shared == buf.SharedBuffer then
      texts.flush(state)
      if state.path ~= path then texts.again(state) end
    end
  end
  local state = is_own(path)
  if state then
    process.ask("trust", { path = path, content = util.String(buf:Bytes()) }, function(answer)
      if answer.error then report.fail(answer.error) end
    end)
  else
    process.ask("reload", { path = path }, function() end)
  end
end

function rules.reload()
  process.ask("reload", {}, function() end)
end

-- ---- terms and pins -----------------------------------------------------------------------------

function rules.add(bp, state, kind, label)
  if label == "" then return report.fail("say which label: postil " .. kind .. " LABEL") end
  places.chosen(bp, state, function(span)
    local fields = { text = state.name, label = label }
    if kind == "pin" then
      fields.span = span
    else
      fields.words = texts.words(bp.Buf, span):gsub("\n", " ")
    end
    process.ask(kind, fields, function(answer)
      if answer.error then return report.fail(answer.error) end
      report.say(base(answer.path) .. ": " .. answer.statement)
    end)
  end)
end

-- ---- what was loaded ----------------------------------------------------------------------------

local function opened(state, answer)
  state.untrusted = answer.untrusted ~= nil
  if answer.untrusted then
    report.say("see `postil trust`: " .. base(answer.path) .. ": " .. answer.untrusted)
  elseif answer.broken then
    report.fail(base(answer.path) .. ": " .. answer.broken)
  end
end

local function loaded(state, message)
  if message.message then
    report.fail("the rules stay as they were: " .. message.message)
  elseif message.sum then
    local sum = message.sum
    report.say(("%s: +%d -%d, %d changed"):format(state.buf:GetName(), sum.new, sum.gone,
      sum.changed))
  end
end

function rules.start()
  texts.listen(function(event, state, message)
    if event == "opened" then
      opened(state, message)
    elseif event == "rules" then
      loaded(state, message)
    elseif event == "failed" then
      report.fail(message.message)
    end
  end)
end

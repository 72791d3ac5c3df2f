-- report.lua - what is said to the user, in the line below; while that is a prompt it is kept.
--
--   report.say(words)  report.fail(words)  report.clear()
--   report.rest()       what was kept, if nothing is asked any more

if not import then return end -- Neovim comes by here

local micro = import("micro")

local kept

local function put(words, is_error)
  local bar = micro.InfoBar()
  words = "postil: " .. words:gsub("%c+", " ")
  if bar.HasPrompt then
    kept = { words, is_error }
    return
  end
  bar.HasGutter = false -- else micro takes the words for those of a line that was left
  if is_error then bar:Error(words) else bar:Message(words) end
end

report = {
  say = function(words) put(words, false) end,
  fail = function(words) put(words, true) end,
}

function report.clear()
  kept = nil
  if not micro.InfoBar().HasPrompt then micro.InfoBar():Message("") end
end

function report.rest()
  if not kept or micro.InfoBar().HasPrompt then return end
  local words, is_error = kept[1]:sub(#"postil: " + 1), kept[2]
  kept = nil
  put(words, is_error)
end

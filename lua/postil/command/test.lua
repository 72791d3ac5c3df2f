-- test.lua - `postil test RULES`: runs the yes, no and test lines of rule files; a line for each
-- failure.

local visible = require "postil.visible"

local function words_of(failure)
  return ("%s:%d: %s"):format(failure.file, failure.line or 0, failure.message)
end

return function(run)
  local failed = 0
  for _, file in ipairs(run.files) do
    local set, words = run:load { file }
    if not set then
      run:report(words)
    else
      for _, failure in ipairs(set:test()) do
        failed = failed + 1
        run:write(visible.line(words_of(failure)) .. "\n")
      end
    end
  end
  return failed > 0 and 1 or 0
end

-- lint.lua - `postil lint RULES`: what is odd about rules, one line each, without any text.

local json = require "postil.json"
local visible = require "postil.visible"

local function finding_json(finding)
  return ('{"file":%s,"line":%d,"column":%d,"name":%s,"rule":%s,"message":%s}\n'):format(
    json.string(finding.file), finding.line, finding.column, json.string(finding.name),
    finding.rule and json.string(finding.rule) or "null", json.string(finding.message))
end

local function finding_words(finding)
  return ("%s:%d:%d: %s: %s\n"):format(visible.line(finding.file), finding.line, finding.column,
    finding.name, visible.line(finding.message))
end

return function(run)
  local found = false
  for _, file in ipairs(run.files) do
    local set, words = run:load { file }
    if not set then
      run:report(words)
    else
      for _, finding in ipairs(set:lint()) do
        found = true
        run:write((run.options.to == "jsonl" and finding_json or finding_words)(finding))
      end
      set:close()
    end
  end
  return found and 1 or 0
end

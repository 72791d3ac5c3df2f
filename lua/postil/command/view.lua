-- view.lua - `postil view`: texts with their tags in colours, in a pager where they are longer than
-- the screen; into a pipe or a file, where nobody looks, the texts as they are.

local documents = require "postil.command.documents"
local shown = require "postil.command.shown"

-- The bytes of all texts, untagged.
local function copy(run)
  for _, file in ipairs(run.files) do
    local text, why = run.host.read(file)
    if text then run:write_raw(text) else run:complain(file, why .. run:hint(file)) end
  end
end

return function(run)
  if not run.terminal and not run.color then
    copy(run)
  else
    -- The signs are for the keys of less; another pager might show them.
    documents.each(run, shown(run, { legend = run.options.legend or false,
      signs = run.out:pages_with "less" }))
  end
  return 0
end

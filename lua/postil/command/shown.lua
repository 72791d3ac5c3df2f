-- shown.lua - texts for eyes, one after the other, each under its name where there are several.
--
--   visit = shown(run, options)    for documents.each; options: legend and signs of ansi.show

local ansi = require "postil.ansi"
local visible = require "postil.visible"

return function(run, options)
  local show = { styles = run.styles, order = run.order, color = run.color, labels = run.labels,
    legend = options.legend, signs = options.signs }
  local many, later = #run.files > 1 or run.options.from == "jsonl", false
  return function(doc, text, name)
    if many then
      run:write((later and "\n" or "")
        .. ansi.dress("── " .. visible.line(name) .. " ──", run.styles.file, run.color) .. "\n")
    end
    later = true
    run:write(ansi.show(doc, text, show))
  end
end

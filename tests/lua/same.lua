-- same.lua - tags every text of the case files and prints the results as JSON lines: what is
-- compared between two runs, Luas and surroundings (same_spec.lua).
--
--   lua same.lua TESTS [LOCALE]      TESTS is the folder that holds cases/ and sample/

local M = {}

local postil = require "postil"
local export = require "postil.export"
local json = require "postil.json"
local cases = require "cases"

-- The document as a line; how: nil or a function that tags an open document.
local function line(set, text, id, date, how)
  local doc = assert(set:open(text, { date = date }))
  if how then how(doc) else assert(doc:run()) end
  local out = export.jsonl(doc, json.string(id))
  doc:close()
  return out
end

-- All lines of a folder of tests.
function M.lines(tests, how)
  local out, all = {}, {}
  local news = assert(postil.load "news")
  for _, folder in ipairs { "rules", "news" } do
    for _, path in ipairs(cases.files(tests .. "cases/" .. folder)) do
      for _, case in ipairs(cases.read(path)) do
        if case.text then
          local set = news
          if case.rules then set = assert(postil.load { source = case.rules, name = "rules" }) end
          local text = cases.unmark(case.text)
          if set == news then all[#all + 1] = text end
          out[#out + 1] = line(set, text, case.title, case.date, how)
          if set ~= news then set:close() end
        end
      end
    end
  end
  local long = table.concat(all, "\n\n")
  out[#out + 1] = line(news, long .. "\n\n" .. long, "all", "2026-05-04", how)
  local file = assert(io.open(tests .. "sample/article.txt", "rb"))
  out[#out + 1] = line(news, file:read "*a", "sample", "2026-05-04", how)
  file:close()
  return table.concat(out)
end

if arg and arg[0] and arg[0]:find "same%.lua$" then
  if arg[2] then assert(os.setlocale(arg[2])) end
  io.write(M.lines(arg[1]))
end

return M

-- matches.lua - does a name that somebody typed mean this canonical name?
--
-- "Sergei Lavrov", "Lavrov" and "lavrov" all mean Sergei Lavrov: whole words of it, in order and
-- side by side; a lower-case letter also matches its upper case, as in rules.

local M = {}

local MAGIC = "[%^%$%(%)%%%.%[%]%*%+%-%?]"

-- Words separated by single spaces, with one around the whole.
local function spaced(s) return " " .. (s:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", "")) .. " " end

-- A function: canonical name -> whether `typed` means it.
function M.name(typed)
  local pattern = spaced(typed):gsub(MAGIC, "%%%0"):gsub("%l", function(c)
    return "[" .. c .. c:upper() .. "]"
  end)
  return function(name) return spaced(name):find(pattern) ~= nil end
end

return M

-- named.lua - canonical names with how often they are mentioned, most frequent first.
--
--   local named = require "postil.named".new()
--   named:add(one, place)   one: of doc:names; place() -> a table of where it stands, asked for
--                           once for each name; it becomes the entry with name, label and count
--   named:list()            entries.  TALLINN is Tallinn, if that is a name, too: what is all
--                           capitals counts with the first name of its label that differs in
--                           nothing else, and stands where the first of the two did

local unicode = require "postil.unicode"

local M = {}

local Named = {}
Named.__index = Named

function M.new() return setmetatable({ all = {}, by_key = {} }, Named) end

function Named:add(one, place)
  local key = one.label .. "\0" .. one.name
  local entry = self.by_key[key]
  if not entry then
    entry = { place = place(), name = one.name, label = one.label, count = 0 }
    self.by_key[key], self.all[#self.all + 1] = entry, entry
  end
  entry.count = entry.count + one.count
end

-- Names without those in capitals that are others of them.
local function fold_capitals(all)
  local by_key, kept = {}, {}
  for i, one in ipairs(all) do
    local folded, capitals = unicode.fold(one.name)
    one.key, one.capitals, one.n = one.label .. "\0" .. folded, capitals, i
    if not capitals and not by_key[one.key] then by_key[one.key] = one end
  end
  for _, one in ipairs(all) do
    local name = one.capitals and by_key[one.key]
    if not name then
      kept[#kept + 1] = one
    else
      name.count = name.count + one.count
      if one.n < name.n then name.n, name.place = one.n, one.place end -- it was there before
    end
  end
  return kept
end

function Named:list()
  local list = fold_capitals(self.all)
  table.sort(list, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    if a.name ~= b.name then return a.name < b.name end
    return a.label < b.label
  end)
  for i, one in ipairs(list) do
    local entry = one.place
    entry.name, entry.label, entry.count = one.name, one.label, one.count
    list[i] = entry
  end
  return list
end

return M

-- said.lua - who says what: the quotations that count, and by whom.
--
--   said.is_speech(tag)     quotations inside others count with those; titles and scare quotes that
--                           nobody speaks do not count
--   said.speaker(tag)       canonical name; nil: not known (a pronoun that nothing resolves)
--   local groups = said.groups()
--   groups:add(speaker, quote)   notes a quotation of a speaker, of nobody known where that is nil
--   groups:list()           { name=, quotes= }, ... most quoted first, nobody (name nil) last

local M = {}

function M.is_speech(tag)
  if (tag.depth or 0) > 0 then return false end
  return tag.speaker ~= nil or tag.kind ~= "title" and tag.kind ~= "scare"
end

function M.speaker(tag)
  local speaker = tag.speaker
  if type(speaker) == "string" then return speaker end
  return type(speaker) == "table" and speaker.name or nil
end

local Groups = {}
Groups.__index = Groups

function M.groups()
  return setmetatable({ all = {}, by_name = {}, nobody = { quotes = {} } }, Groups)
end

function Groups:add(speaker, quote)
  local group = speaker and self.by_name[speaker] or not speaker and self.nobody
  if not group then
    group = { name = speaker, quotes = {} }
    self.by_name[speaker], self.all[#self.all + 1] = group, group
  end
  table.insert(group.quotes, quote)
end

function Groups:list()
  table.sort(self.all, function(a, b)
    if #a.quotes ~= #b.quotes then return #a.quotes > #b.quotes end
    return a.name < b.name
  end)
  local list = {}
  for i, group in ipairs(self.all) do list[i] = group end
  if #self.nobody.quotes > 0 then list[#list + 1] = self.nobody end
  return list
end

return M

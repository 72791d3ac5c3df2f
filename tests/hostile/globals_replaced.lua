-- Functions replaced that others stand on.
--> fine
assert, error, ipairs, pairs, next, pcall, type, tostring, setmetatable = nil
string.find, string.match, string.gsub, string.rep, table.concat, table.insert = nil
math.floor, p.number, p.iso, p.esc = nil
tag.x "nothing"

-- Values without an address.
--> fine
assert(tostring({}) == "table" and tostring(tostring) == "function" and ("%s"):format({}) == "table")
assert(tostring(0 / 0):find "nan" and tostring(1 / 0) == "inf" and tostring(-1 / 0) == "-inf")
assert(tostring(setmetatable({}, {})) == "table" and not pcall(tostring, setmetatable({}, { __tostring = function() end })))
tag.x "nothing"

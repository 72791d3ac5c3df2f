-- A table in a table in a table.
--> load 4: not enough memory | too much work
local t = {}
while true do t = { t } end

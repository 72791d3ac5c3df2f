-- Places that are no places.
--> fine
for _, at in ipairs { 0 / 0, math.huge, -math.huge, 2 ^ 53, -1, 1.5, "x" } do
  assert(not pcall(table.insert, {}, at, 1))
  assert(not pcall(table.remove, { 1 }, at))
end
tag.x "nothing"

-- One long call of C in a function.
--> tag 6: too much work
tag.x { "one", keep = function()
  local t = {}
  for i = 1, 90000 do t[i] = -i end
  table.sort(t)
  return true
end }

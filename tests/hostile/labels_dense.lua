-- Labels that look at all labels before them.
--> load : too much work | fine
for i = 2, 400 do
  local list = {}
  for k = 1, i - 1 do list[k] = "x" .. k end
  tag["x" .. i]("<" .. table.concat(list, "|") .. "> one")
end
tag.x1 "one"

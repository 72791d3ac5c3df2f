-- A function that works nearly as long as a call may, for each of many words.
--> tag 5: too much work
-- text: one x 20000
tag.x { "one", keep = function()
  for _ = 1, 200000 do end
  return true
end }

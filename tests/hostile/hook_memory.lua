-- A function that grows.
--> tag 5: not enough memory
tag.x { "one", keep = function()
  local s = "x"
  while true do s = s .. s end
end }

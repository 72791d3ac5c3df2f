-- A loop whose error is caught, again and again.
--> load 4: too much work
while true do
  pcall(function() while true do end end)
end

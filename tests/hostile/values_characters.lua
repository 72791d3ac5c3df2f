-- Characters that are none.
--> fine
for _, code in ipairs { -1, 2 ^ 40, 0 / 0, math.huge, 1.5, 0x110000, 0xD800 } do
  local ok, s = pcall(p.utf8.char, code)
  assert(not ok or #s <= 4)
end
assert(#p.esc(("("):rep(1e5)) == 2e5)
tag.x "nothing"

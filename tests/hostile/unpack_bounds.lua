-- Values from minus infinity.
--> load 4: unpack | fine
assert(not pcall(unpack, {}, -math.huge, math.huge))
unpack({}, 0 / 0, 1)

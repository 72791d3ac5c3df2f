-- A number of a thousand digits.
--> fine
assert(p.number(("9"):rep(1000)) == nil or p.number(("9"):rep(1000)) < math.huge)
assert(p.iso { year = 1e300, month = 1e300, day = -1e300 } == nil)
assert(p.iso { year = 0 / 0, month = "may", day = 1 } == nil)
tag.x "nothing"

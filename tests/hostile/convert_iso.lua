-- A converter and a long text, again and again.
--> load 4: too much work
local text = ("x"):rep(1e6)
for _ = 1, 1e9 do p.iso { month = text } end

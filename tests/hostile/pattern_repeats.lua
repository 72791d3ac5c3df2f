-- Repeats of repeats.
--> load 3: this pattern is too large
tag.x(("("):rep(60) .. "a" .. ("){64}"):rep(60))

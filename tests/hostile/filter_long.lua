-- A filter with half a million values, for each row.
--> load 3: too much work
tag.x { terms = each("big", { "$name" }, { name = ("x|"):rep(500000) }) }

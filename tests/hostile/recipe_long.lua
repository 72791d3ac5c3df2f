-- A recipe that joins a column a hundred thousand times, for each row.
--> load 3: out of memory | too much work | not enough memory
tag.x { terms = each("big", { ("$name"):rep(100000) }) }

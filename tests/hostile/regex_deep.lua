-- Nested groups.
--> load 3: parentheses are too deeply nested
tag.x("/" .. ("("):rep(200) .. "a" .. ("){99}"):rep(200) .. "/")

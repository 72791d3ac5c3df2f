-- Ten thousand brackets.
--> load 3: nest | deep
tag.x(("("):rep(10000) .. "a" .. (")"):rep(10000))

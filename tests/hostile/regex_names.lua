-- A name that is too long.
--> load 3: subpattern name is too long | is no name
tag.x("/(?<" .. ("n"):rep(100) .. ">a)/")

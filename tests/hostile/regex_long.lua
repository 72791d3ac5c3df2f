-- A regex of 32,000 characters.
--> fine | load 3: 
tag.x("/" .. ("(a|b)"):rep(6400) .. "/")

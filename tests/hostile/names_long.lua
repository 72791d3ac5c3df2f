-- A label of a megabyte.
--> load 3: 
tag[("x"):rep(1e6)] "one"

-- An error of a megabyte.
--> load 3: xxxxxxxx
error(("x"):rep(1e6))

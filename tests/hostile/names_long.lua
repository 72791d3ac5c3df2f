-- A label of a megabyte.
--> load 3: a label has at most 64 letters
tag[("x"):rep(1e6)] "one"

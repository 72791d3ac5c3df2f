-- A loader of code.
--> load 3: attempt to call
load("x = 1")()

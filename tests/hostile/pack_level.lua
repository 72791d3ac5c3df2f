-- A language of the far future.
--> load 3: these rules are for language level
pack { postil = 1e300 }

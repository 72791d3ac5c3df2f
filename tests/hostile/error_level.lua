-- An error that blames a caller who is not there.
--> load : deep
error("deep", 99)

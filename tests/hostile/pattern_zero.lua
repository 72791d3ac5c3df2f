-- A pattern with a zero in it.
--> load 3: a bracket is not closed
tag.x "on\0e ("

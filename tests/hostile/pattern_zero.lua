-- A pattern with a zero in it.
--> load 3: 
tag.x "on\0e ("

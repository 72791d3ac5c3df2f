-- A pattern with a zero in it.
--> load 3: ( without ); write \( for the sign
tag.x "on\0e ("

-- A pack with a zero in its name.
--> load 3: is no name of a pack
use "news\0"

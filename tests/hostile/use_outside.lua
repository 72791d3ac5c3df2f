-- A pack elsewhere.
--> load 3: '../x' is no name of a pack
use "../x"

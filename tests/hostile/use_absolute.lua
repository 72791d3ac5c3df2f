-- A pack by its path.
--> load 3: '/etc/x' is no name of a pack
use "/etc/x"

-- A pattern of a megabyte.
--> load 3: a pattern has at most 32768 bytes
tag.x(("a "):rep(5e5))

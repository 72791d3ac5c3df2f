-- A file by its path.
--> load 3: '/etc/passwd' is no name of a table
tag.x { file = "/etc/passwd" }

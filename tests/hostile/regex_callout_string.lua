-- A callout with a string.
--> load 3: callouts are not taken
tag.x [[/n(?C"echo x")othing/]]

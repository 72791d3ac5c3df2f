-- A look behind that has no length.
--> load 3: lookbehind
tag.x [[/(?<=a+)b/]]

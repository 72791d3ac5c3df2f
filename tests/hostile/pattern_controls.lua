-- A mistake in a pattern of controls.
--> load 3: a label starts with a lower-case letter
tag.x "\27[31m<\7"

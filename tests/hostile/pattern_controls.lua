-- A mistake in a pattern of controls.
--> load 3: 
tag.x "\27[31m<\7"

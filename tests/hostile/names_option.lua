-- An unknown option of controls.
--> load 3: unknown option '?[31m?'
tag.x { "one", ["\27[31m\n"] = 1 }

Lua This is no text.
--> load 1: this is bytecode, not text

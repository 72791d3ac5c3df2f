Lua This is no text.
--> load 1: binary | bytecode

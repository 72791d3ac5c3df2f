-- A loop of goto; no word of Lua 5.1.
--> load 3: too much work | unexpected symbol | syntax error | expected near
::again:: goto again

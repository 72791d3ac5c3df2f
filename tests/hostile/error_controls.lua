-- An error that would write to the terminal.
--> load 3: a?[31m?]0;title?b?other.lua:1: fine
error("a\27[31m\27]0;title\7b\nother.lua:1: fine")

-- The words of the language replaced.
--> load 3: write tag.person { ... }, without =
tag.person = function() end

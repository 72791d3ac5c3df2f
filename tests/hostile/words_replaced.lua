-- The words of the language replaced.
--> load 3: write tag.label { ... }, without =
tag.person = function() end

-- An argument far out.
--> fine
assert(select(1e9, 1) == nil and not pcall(select, -5, 1) and not pcall(select, 0, 1))
tag.x "nothing"

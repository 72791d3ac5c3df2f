-- Eight thousand choices.
--> fine
tag.x(("ab|"):rep(8000) .. "ac")

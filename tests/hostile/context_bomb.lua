-- Contexts that are dear.
--> limit
-- text: one x 6000
tag.x { "one", after = "(<word>|one){1,16}", not_before = "(one|<word>){1,15} two" }

-- Every word is an alias of every other.
--> limit | fine
-- text: One Two Three x 2000
tag.x { "[name:<cap> family:<cap>]" }
alias.x { "[=family]" }
alias.x { "[=name]" }
alias.x { "<cap>? [=family]" }

#!/bin/sh
# test.sh - `postil test` from outside: TAP for tests in rule files and for gold, and how it ends.
# POSTIL names the command.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/command/checks.inc
. tests/command/checks.inc

tests() { "$POSTIL" test "$@"; }

# --- TAP

cat >good.lua <<'END'
tag.ship { "HMS <cap>", yes = { "the [HMS Wren]", "[HMS Wren | is=HMS Wren] and [HMS Dove]" },
  no = "hms wren" }
test "two # ships" { text = "HMS Wren, HMS Dove", ship = { "HMS Wren", "HMS Dove" } }
END
is 'tests that pass' 0 'TAP version 13
1..4
ok 1 - good.lua:1 tag.ship yes 1
ok 2 - good.lua:1 tag.ship yes 2
ok 3 - good.lua:2 tag.ship no 1
ok 4 - good.lua:3 two \# ships' '' tests good.lua

cat >failing.lua <<'END'
tag.ship { "HMS <cap>",
  yes = "the [USS Wren] and HMS Wren",
  no = "no ship [" }
END
is 'what failed is shown' 1 'TAP version 13
1..6
ok 1 - good.lua:1 tag.ship yes 1
ok 2 - good.lua:1 tag.ship yes 2
ok 3 - good.lua:2 tag.ship no 1
ok 4 - good.lua:3 two \# ships
not ok 5 - failing.lua:2 tag.ship yes 1
# no ship is "USS Wren"
# "HMS Wren" is ship by failing.lua:1
# text: the [USS Wren] and HMS Wren
# why: no rule came near
ok 6 - failing.lua:3 tag.ship no 1' '' tests good.lua failing.lua
cat >whys.lua <<'END'
tag.ship { "HMS <cap>{2}", set = { class = "old" },
  yes = { "the [HMS Wren] left", "[HMS Black Swan | class=new]" } }
END
is 'and why it is not so' 1 'TAP version 13
1..2
not ok 1 - whys.lua:2 tag.ship yes 1
# no ship is "HMS Wren"
# text: the [HMS Wren] left
# why: near     tag.ship#1 whys.lua:1 "HMS Wren" wanted <cap>{2} at 1:14 "left"
not ok 2 - whys.lua:2 tag.ship yes 2
# class of "HMS Black Swan" is "old", not "new"
# text: [HMS Black Swan | class=new]
# why: tag      tag.ship#1 whys.lua:1 "HMS Black Swan"' '' tests whys.lua

printf 'tag.x { "one", yes = "[one \033[31m] and [o" }\n' >escape.lua
is 'no control reaches the terminal' 1 'TAP version 13
1..1
not ok 1 - escape.lua:1 tag.x yes 1
# a [ without its ]; write \[ for a bracket of the text
# text: [one ^[[31m] and [o' '' tests escape.lua
printf 'tag.x "one"\n' >none.lua
is 'no tests' 0 'TAP version 13
1..0 # SKIP no tests' '' tests none.lua

printf 'tag.x "(one"\n' >broken.lua
printf 'tag.x { "one", yes = "[one]" }\n' >part.lua
is 'a file that does not load is no success' 2 'TAP version 13
1..2
not ok 1 - broken.lua can be tested
ok 2 - part.lua:1 tag.x yes 1' '*broken.lua:1: *' tests broken.lua part.lua

# --- functions that remember

cat >counts.lua <<'END'
local n = 0
tag.x "one"
tag.ship { "HMS <cap>", keep = function() n = n + 1 return n < 3 end,
  yes = { "[HMS Wren]", "[HMS Dove]" } }
END
is 'a function that counts' 1 'TAP version 13
1..3
ok 1 - counts.lua:4 tag.ship yes 1
ok 2 - counts.lua:4 tag.ship yes 2
not ok 3 - counts.lua:3 the same in another order
# a function remembers, of counts.lua:3 tag.ship: "HMS Dove" is ship once and not the same again' \
  '' tests counts.lua

# --- files and gold

mkdir -p pack/texts
printf 'HMS Wren met HMS Dove.\n' >pack/texts/a.txt
cat >pack/init.lua <<'END'
tag.ship { "HMS <cap>" }
test "a file" { file = "texts/a.txt", ship = { "HMS Wren", "HMS Dove" } }
test "its gold" { file = "texts/a.txt", gold = "a.jsonl", f1 = { ship = 0.8 }, ship = "2/3" }
test "above" { file = "../b.txt" }
test "nowhere" { file = "texts/nowhere.txt" }
END
cat >pack/a.jsonl <<'END'
{"id":"texts/a.txt","tags":[{"start":0,"end":8,"label":"ship"},{"start":13,"end":21,"label":"ship"},{"start":0,"end":3,"label":"ship"}]}
END
is 'files beside the rules, and nowhere else' 1 'TAP version 13
1..4
ok 1 - ./pack/init.lua:2 a file
ok 2 - ./pack/init.lua:3 its gold
# ship  P 1.0000  R 0.6667  F1 0.8000  (2 right, 0 too many, 1 missing)
not ok 3 - ./pack/init.lua:4 above
# "../b.txt": tests read files beside their rule file, or below it, only
not ok 4 - ./pack/init.lua:5 nowhere
# ./pack/texts/nowhere.txt: No such file or directory' '' tests ./pack

"$POSTIL" tag --rules good.lua pack/texts/a.txt >gold.jsonl
printf '{"text":"HMS Wren is no ship; %s[2J","tags":[]}\n' '\u001b' >>gold.jsonl
is 'what the command wrote is gold' 0 'TAP version 13
1..5
ok 1 - good.lua:1 tag.ship yes 1
ok 2 - good.lua:1 tag.ship yes 2
ok 3 - good.lua:2 tag.ship no 1
ok 4 - good.lua:3 two \# ships
ok 5 - gold gold.jsonl
# ship  P 0.6667  R 1.0000  F1 0.8000  (2 right, 1 too many, 0 missing)' '' \
  tests --gold gold.jsonl good.lua
printf '{"text":"HMS Wren","tags":[{"start":0,"end":9,"label":"ship"}]}\n' >short.jsonl
is 'gold that is wrong has its line' 1 'TAP version 13
1..1
not ok 1 - gold short.jsonl
# short.jsonl:1: tag 1 ends behind the text' '' tests --gold short.jsonl none.lua
is 'no gold' 2 '' 'postil: nowhere.jsonl: No such file*' tests --gold nowhere.jsonl none.lua

# --- the packs that are shipped: every rule has tests, and they pass

for pack in "$top"/lua/postil/rules/*.lua; do
  pack=$(basename "$pack" .lua)
  if "$POSTIL" test "$pack" >out 2>err && ! grep -q "$esc" out err; then
    ok
  else
    bad "the pack $pack" "$(grep -A 9 -e '^not ok' -e "$esc" out; cat err)"
  fi
done

finish
